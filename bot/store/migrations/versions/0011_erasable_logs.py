"""Salts beside the entries of logs, so that what is personal in them can be erased and their seals still hold."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column(
        "log",
        sa.Column(
            "salt", sa.String(32), nullable=True, comment="of what is personal in the entry; none once that is erased"
        ),
    )
    op.add_column(
        "log",
        sa.Column(
            "commitment", sa.String(64), nullable=True, comment="what the hash holds in the place of what was erased"
        ),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("log", "commitment")
    op.drop_column("log", "salt")
