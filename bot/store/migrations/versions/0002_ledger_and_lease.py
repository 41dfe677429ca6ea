"""What each writer has committed last, and who leads."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "lease",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False, comment="counts the terms, whoever served them"),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_lease")),
    )
    op.create_table(
        "ledger",
        sa.Column("writer", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False, comment="the last batch that this writer has committed"),
        sa.PrimaryKeyConstraint("writer", name=op.f("pk_ledger")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("ledger")
    op.drop_table("lease")
