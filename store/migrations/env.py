"""Alembic's entry: runs migrations over the connection, and within the transaction, that `Database` gives."""

from alembic import context

from store.tables import Table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=True,
    transactional_ddl=True,  # SQLite's, too: the transaction that is given has begun before the first statement
)
with context.begin_transaction():
    context.run_migrations()
