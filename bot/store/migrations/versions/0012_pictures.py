"""The pictures that people sent in, for the report."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "picture",
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False, comment="Telegram's id, as the log has it"),
        sa.Column("by_id", sa.BigInteger(), nullable=False, comment="who sent it"),
        sa.Column("tries", sa.SmallInteger(), nullable=False, comment="how often Telegram did not give it out"),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=True,
            comment="as it came, for the report; none before it has been fetched",
        ),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_picture_exercise_exercise")),
        sa.PrimaryKeyConstraint("exercise", "file", name=op.f("pk_picture")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("picture")
