"""Mini messages that were read, and readings that have begun."""

import sqlalchemy as sa
from alembic import op

from store.columns import AnyText, Id, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "kept_messages",
        sa.Column("id", Id, nullable=False),
        sa.Column("login", AnyText, nullable=False),
        sa.Column("sender", AnyText, nullable=False),
        sa.Column("sender_name", AnyText, nullable=False),
        sa.Column("sent", Moment, nullable=True),
        sa.Column("kept", Moment, nullable=False),
        sa.Column("text", AnyText, nullable=False),
        sa.Column("opened", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_messages"),
    )
    op.create_index("ix_kept_messages_login_opened_id", "kept_messages", ["login", "opened", "id"])
    op.create_table(
        "message_readings",
        sa.Column("id", Id, nullable=False),
        sa.Column("login", AnyText, nullable=False),
        sa.Column("begun", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_readings"),
    )
    op.create_index("ix_message_readings_login", "message_readings", ["login"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("message_readings")
    op.drop_table("kept_messages")
