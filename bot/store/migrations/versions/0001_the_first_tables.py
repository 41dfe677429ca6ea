"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "chat",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chat")),
    )
    op.create_table(
        "exercise",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scenario_id", sa.String(length=40), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=False, comment="the scenario as it was at /new, JSON"),
        sa.Column("control_chat_id", sa.BigInteger(), nullable=False),
        sa.Column("control_thread_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("scheduled_at", sa.BigInteger(), nullable=True),
        sa.Column("startex_at", sa.BigInteger(), nullable=True),
        sa.Column("endex_at", sa.BigInteger(), nullable=True),
        sa.Column("situation", sa.String(length=40), nullable=True),
        sa.Column("phase", sa.String(length=40), nullable=True),
        sa.Column("summarised", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_exercise")),
    )
    op.create_index(
        op.f("ix_exercise_control_chat_id_control_thread_id"),
        "exercise",
        ["control_chat_id", "control_thread_id"],
        unique=False,
    )
    op.create_index(op.f("ix_exercise_state"), "exercise", ["state"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "lane", sa.BigInteger(), nullable=False, comment="updates of one lane are handled one after the other"
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("backlog", sa.Boolean(), nullable=False),
        sa.Column(
            "payload", sa.Text(), nullable=False, comment="the update as Telegram sent it, JSON; emptied when done"
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_state"), "inbox", ["state"], unique=False)

    op.create_table(
        "person",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_username"), "person", ["username"], unique=False)

    op.create_table(
        "scenario",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="JSON"),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    op.create_table(
        "delivery",
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inject", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("message_date", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("possible_duplicate", sa.Boolean(), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by_id", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by_name", sa.Text(), nullable=True),
        sa.Column("acknowledged_exact", sa.Boolean(), nullable=True),
        sa.Column("option", sa.String(length=40), nullable=True),
        sa.Column("option_at", sa.BigInteger(), nullable=True),
        sa.Column("option_by_id", sa.BigInteger(), nullable=True),
        sa.Column("option_by_name", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("progress", sa.Text(), nullable=False, comment="JSON list of [step, microseconds, user id, name]"),
        sa.Column("rung", sa.Text(), nullable=False, comment="timers that have gone off, by comma"),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_delivery_exercise_exercise")),
        sa.PrimaryKeyConstraint("exercise", "inject", "unit", name=op.f("pk_delivery")),
        sa.UniqueConstraint("reference", name=op.f("uq_delivery_reference")),
    )
    op.create_table(
        "inject",
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inject", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "definition", sa.Text(), nullable=True, comment="an ad hoc inject, JSON; the others stand in the scenario"
        ),
        sa.Column("at_offset", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("because", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("silence_answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_inject_exercise_exercise")),
        sa.PrimaryKeyConstraint("exercise", "inject", name=op.f("pk_inject")),
    )
    op.create_table(
        "leader",
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_leader_exercise_exercise")),
        sa.PrimaryKeyConstraint("exercise", "unit", "user_id", name=op.f("pk_leader")),
    )
    op.create_table(
        "log",
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("exercise_time", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=True),
        sa.Column("inject", sa.String(length=16), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False, comment="JSON with sorted keys"),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_log_exercise_exercise")),
        sa.PrimaryKeyConstraint("exercise", "seq", name=op.f("pk_log")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True, comment="what may be said only once"),
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False, comment="JSON"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("out_of_date", sa.Boolean(), nullable=False, comment="wanted > shown, for its index"),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("possible_duplicate", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_outbox_exercise_exercise")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_chat_id_message_id"), "outbox", ["chat_id", "message_id"], unique=False)
    op.create_index(op.f("ix_outbox_out_of_date"), "outbox", ["out_of_date"], unique=False)
    op.create_index(op.f("ix_outbox_state"), "outbox", ["state"], unique=False)

    op.create_table(
        "participant",
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_participant_exercise_exercise")),
        sa.PrimaryKeyConstraint("exercise", "user_id", name=op.f("pk_participant")),
    )
    op.create_table(
        "seat",
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("chat_title", sa.Text(), nullable=False),
        sa.Column("unreachable", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_seat_exercise_exercise")),
        sa.PrimaryKeyConstraint("exercise", "unit", name=op.f("pk_seat")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_seat_code_hash")),
    )
    op.create_index(op.f("ix_seat_chat_id"), "seat", ["chat_id"], unique=False)

    op.create_table(
        "stop",
        sa.Column("exercise", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["exercise"], ["exercise.number"], name=op.f("fk_stop_exercise_exercise")),
        sa.PrimaryKeyConstraint("exercise", "position", name=op.f("pk_stop")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("stop")
    op.drop_index(op.f("ix_seat_chat_id"), table_name="seat")

    op.drop_table("seat")
    op.drop_table("participant")
    op.drop_index(op.f("ix_outbox_state"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_out_of_date"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_chat_id_message_id"), table_name="outbox")

    op.drop_table("outbox")
    op.drop_table("log")
    op.drop_table("leader")
    op.drop_table("inject")
    op.drop_table("delivery")
    op.drop_table("scenario")
    op.drop_index(op.f("ix_person_username"), table_name="person")

    op.drop_table("person")
    op.drop_index(op.f("ix_inbox_state"), table_name="inbox")

    op.drop_table("inbox")
    op.drop_index(op.f("ix_exercise_state"), table_name="exercise")
    op.drop_index(op.f("ix_exercise_control_chat_id_control_thread_id"), table_name="exercise")

    op.drop_table("exercise")
    op.drop_table("chat")
