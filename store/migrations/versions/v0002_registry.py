"""The registry of applications, users' menus, the audit trail, administrators."""

import sqlalchemy as sa
from alembic import op

from store.columns import AnyText, Id, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# The trail is append-only for everyone who comes through the database, not only for this code.
SQLITE_APPEND_ONLY = (
    "CREATE TRIGGER audit_stays_{event} BEFORE {event} ON audit BEGIN SELECT raise(ABORT, 'the audit trail stays'); END"
)
POSTGRESQL_REFUSAL = """
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail stays'; END $$
"""
POSTGRESQL_APPEND_ONLY = (
    "CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()"
)


def upgrade() -> None:
    """Make the tables."""
    state = op.create_table(
        "registry_state",
        sa.Column("id", Id, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registry_state"),
    )
    op.bulk_insert(state, [{"id": 1, "revision": 0}])
    op.create_table(
        "applications",
        sa.Column("id", AnyText, nullable=False),
        sa.Column("entry_identifier", AnyText, nullable=True),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed", Moment, nullable=False),
        sa.Column("changed_by", AnyText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
        sa.UniqueConstraint("entry_identifier", name="uq_applications_entry_identifier"),
    )
    op.create_table(
        "menu_orders",
        sa.Column("login", AnyText, nullable=False),
        sa.Column("applications", sa.JSON, nullable=False),
        sa.Column("changed", Moment, nullable=False),
        sa.PrimaryKeyConstraint("login", name="pk_menu_orders"),
    )
    _audit()
    op.create_table(
        "administrators",
        sa.Column("login", AnyText, nullable=False),
        sa.Column("role", AnyText, nullable=False),
        sa.Column("password_hash", AnyText, nullable=False),
        sa.Column("totp_secret", sa.LargeBinary, nullable=True),
        sa.Column("totp_step", sa.Integer, nullable=True),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("locked_until", Moment, nullable=True),
        sa.Column("created", Moment, nullable=False),
        sa.Column("last_login", Moment, nullable=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("login", name="pk_administrators"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("administrators", "audit", "menu_orders", "applications", "registry_state"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_stays()")


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("by", AnyText, nullable=False),
        sa.Column("action", AnyText, nullable=False),
        sa.Column("subject", AnyText, nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_subject_id", "audit", ["subject", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_REFUSAL)
        op.execute(POSTGRESQL_APPEND_ONLY)
    else:
        for event in ("UPDATE", "DELETE"):
            op.execute(SQLITE_APPEND_ONLY.format(event=event))
