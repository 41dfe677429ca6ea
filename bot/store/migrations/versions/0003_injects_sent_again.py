"""How often an inject has been sent again to a unit."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Bring the schema forward."""
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("resent", sa.SmallInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_column("resent")
