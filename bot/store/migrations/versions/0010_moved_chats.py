"""Groups that have become supergroups, for what comes from them late."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "moved_chat",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("now", sa.BigInteger(), nullable=False, comment="the supergroup that the group has become"),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_moved_chat")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("moved_chat")
