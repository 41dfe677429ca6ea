"""The log by kind: what tells of a few kinds of entries, unit by unit, is not to look through all of a long one."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_index(op.f("ix_log_exercise_kind"), "log", ["exercise", "kind"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f("ix_log_exercise_kind"), table_name="log")
