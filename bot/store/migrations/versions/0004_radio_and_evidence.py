"""Acknowledgements made by radio, and the evidence that units sent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bring the schema forward."""
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("acknowledged_by_radio", sa.Boolean(), nullable=True))
        delivery.add_column(
            sa.Column(
                "evidence",
                sa.Text(),
                nullable=False,
                server_default="[]",
                comment="JSON list of [kind, moment, user id, name]",
            )
        )
    with op.batch_alter_table("delivery") as delivery:
        delivery.alter_column("evidence", server_default=None)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_column("evidence")
        delivery.drop_column("acknowledged_by_radio")
