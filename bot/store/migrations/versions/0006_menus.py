"""Which menu of commands each chat shows."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "menu",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("commands", sa.Text(), nullable=False, comment="language and standings, by comma"),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_menu")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("menu")
