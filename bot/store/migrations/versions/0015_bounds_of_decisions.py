"""Whether the moment of a decision is exact, or only an upper bound; of those taken before, nobody kept it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("delivery", sa.Column("option_exact", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("delivery", "option_exact")
