"""Hot washes that are open, with the moments that they wait for."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "hot_wash",
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("remind_at", sa.BigInteger(), comment="none once the units have been reminded"),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_hot_wash_exercise_exercise")),
        sa.PrimaryKeyConstraint("exercise", name=op.f("pk_hot_wash")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("hot_wash")
