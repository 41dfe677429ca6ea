"""Where each log ends, beside the log."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "log_head",
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column(
            "hash", sa.String(64), nullable=False, comment="of the last entry, so that a log that was cut off shows"
        ),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_log_head_exercise_exercise")),
        sa.PrimaryKeyConstraint("exercise", name=op.f("pk_log_head")),
    )
    op.execute(
        "INSERT INTO log_head (exercise, entries, hash) SELECT exercise, seq, hash FROM log AS entry "
        "WHERE seq = (SELECT max(seq) FROM log WHERE log.exercise = entry.exercise)"
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("log_head")
