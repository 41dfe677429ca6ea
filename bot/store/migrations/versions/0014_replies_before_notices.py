"""Replies go before what is said to every unit, which moves up by one: what waits, waits as a notice."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Bring the schema forward."""
    op.execute("UPDATE outbox SET priority = 3 WHERE priority = 2")


def downgrade() -> None:
    """Take the change back."""
    op.execute("UPDATE outbox SET priority = 2 WHERE priority = 3")
