"""Join codes expire, and are tried a limited number of times."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "join_try",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_try")),
    )
    op.create_index(op.f("ix_join_try_user_id"), "join_try", ["user_id"])
    op.add_column("seat", sa.Column("code_expires_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("seat", "code_expires_at")
    op.drop_index(op.f("ix_join_try_user_id"), table_name="join_try")
    op.drop_table("join_try")
