"""Administrators that are switched off, and codes for those who lose their second factor."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; every account that there is stays on, and has no codes."""
    with op.batch_alter_table("administrators") as table:
        table.add_column(sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("recovery", sa.JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("administrators") as table:  # what comes later always says both
        table.alter_column("enabled", server_default=None)
        table.alter_column("recovery", server_default=None)


def downgrade() -> None:
    """Drop them. An account that was off would be on again: it goes."""
    op.execute(sa.text("DELETE FROM administrators WHERE NOT enabled"))
    with op.batch_alter_table("administrators") as table:
        table.drop_column("recovery")
        table.drop_column("enabled")
