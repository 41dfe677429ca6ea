"""The tables. What each row means is said by the value that it becomes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.columns import Duration, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers a row by itself only where the key is an INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


def _exercise() -> Column[int]:
    return Column("exercise", ForeignKey("exercise.number"), nullable=False)


exercise = Table(
    "exercise",
    metadata,
    Column("number", RowId, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scenario_id", String(40), nullable=False),
    Column("scenario", Text, nullable=False, comment="the scenario as it was at /new, JSON"),
    Column("control_chat_id", BigInteger, nullable=False),
    Column("control_thread_id", BigInteger),
    Column("language", String(8), nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("scheduled_at", Moment),
    Column("startex_at", Moment),
    Column("endex_at", Moment),
    Column("situation", String(40)),
    Column("phase", String(40)),
    Column("summarised", Boolean, nullable=False),
    Index(None, "control_chat_id", "control_thread_id"),
    Index(None, "state"),
)

stop = Table(
    "stop",
    metadata,
    _exercise(),
    Column("position", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("by_id", BigInteger, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("why", Text, nullable=False),
    PrimaryKeyConstraint("exercise", "position"),
)

participant = Table(
    "participant",
    metadata,
    _exercise(),
    Column("user_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    PrimaryKeyConstraint("exercise", "user_id"),
)

seat = Table(
    "seat",
    metadata,
    _exercise(),
    Column("unit", String(40), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("code_expires_at", Moment),
    Column("chat_id", BigInteger),
    Column("thread_id", BigInteger),
    Column("chat_title", Text, nullable=False),
    Column("unreachable", Text, nullable=False),
    PrimaryKeyConstraint("exercise", "unit"),
    UniqueConstraint("code_hash"),
    Index(None, "chat_id"),
)

leader = Table(
    "leader",
    metadata,
    _exercise(),
    Column("unit", String(40), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("exercise", "unit", "user_id"),
)

inject = Table(
    "inject",
    metadata,
    _exercise(),
    Column("inject", String(16), nullable=False),
    Column("position", Integer, nullable=False),
    Column("definition", Text, comment="an ad hoc inject, JSON; the others stand in the scenario"),
    Column("at_offset", Duration),
    Column("state", String(16), nullable=False),
    Column("cause", String(16), nullable=False),
    Column("because", String(16), nullable=False),
    Column("due_at", Moment),
    Column("issued_at", Moment),
    Column("why", Text, nullable=False),
    Column("silence_answered", Boolean, nullable=False),
    PrimaryKeyConstraint("exercise", "inject"),
)

delivery = Table(
    "delivery",
    metadata,
    _exercise(),
    Column("inject", String(16), nullable=False),
    Column("unit", String(40), nullable=False),
    Column("reference", String(16), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("why", Text, nullable=False),
    Column("sent_at", Moment),
    Column("message_date", Moment),
    Column("message_id", BigInteger),
    Column("possible_duplicate", Boolean, nullable=False),
    Column("resent", SmallInteger, nullable=False, server_default="0"),
    Column("acknowledged_at", Moment),
    Column("acknowledged_by_id", BigInteger),
    Column("acknowledged_by_name", Text),
    Column("acknowledged_exact", Boolean),
    Column("acknowledged_by_radio", Boolean),
    Column("option", String(40)),
    Column("option_at", Moment),
    Column("option_exact", Boolean),
    Column("option_by_id", BigInteger),
    Column("option_by_name", Text),
    Column("reason", Text),
    Column("progress", Text, nullable=False, comment="JSON list of [step, microseconds, user id, name]"),
    Column("evidence", Text, nullable=False, comment="JSON list of [kind, moment, user id, name]"),
    Column("rung", Text, nullable=False, comment="timers that have gone off, by comma"),
    PrimaryKeyConstraint("exercise", "inject", "unit"),
    UniqueConstraint("reference"),
)

log = Table(
    "log",
    metadata,
    _exercise(),
    Column("seq", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("exercise_time", Duration, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("actor_id", BigInteger),
    Column("actor_name", Text),
    Column("inject", String(16)),
    Column("unit", String(40)),
    Column("detail", Text, nullable=False, comment="JSON with sorted keys"),
    Column("hash", String(64), nullable=False),
    Column("salt", String(32), comment="of what is personal in the entry; none once that is erased"),
    Column("commitment", String(64), comment="what the hash holds in the place of what was erased"),
    PrimaryKeyConstraint("exercise", "seq"),
    Index(None, "exercise", "kind"),
)

log_head = Table(
    "log_head",
    metadata,
    Column("exercise", ForeignKey("exercise.number"), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("hash", String(64), nullable=False, comment="of the last entry, so that a log that was cut off shows"),
)

hot_wash = Table(
    "hot_wash",
    metadata,
    Column("exercise", ForeignKey("exercise.number"), primary_key=True),
    Column("remind_at", Moment, comment="none once the units have been reminded"),
    Column("closes_at", Moment, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", BigInteger, nullable=False, comment="updates of one lane are handled one after the other"),
    Column("at", Moment, nullable=False),
    Column("backlog", Boolean, nullable=False),
    Column("payload", Text, nullable=False, comment="the update as Telegram sent it, JSON; emptied when done"),
    Column("state", String(16), nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("why", Text, nullable=False),
    Index(None, "state"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", String(120), unique=True, comment="what may be said only once"),
    Column("exercise", ForeignKey("exercise.number")),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("reply_to", BigInteger),
    Column("priority", SmallInteger, nullable=False),
    Column("message", Text, nullable=False, comment="JSON"),
    Column("state", String(16), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("not_before", Moment),
    Column("created_at", Moment, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("out_of_date", Boolean, nullable=False, comment="wanted > shown, for its index"),
    Column("message_id", BigInteger),
    Column("edited_at", Moment),
    Column("possible_duplicate", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    Index(None, "state"),
    Index(None, "out_of_date"),
    Index(None, "chat_id", "message_id"),
)

chat = Table(
    "chat",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8), nullable=False),
)

moved_chat = Table(
    "moved_chat",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("now", BigInteger, nullable=False, comment="the supergroup that the group has become"),
)

menu = Table(
    "menu",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("commands", Text, nullable=False, comment="language and standings, by comma"),
)

person = Table(
    "person",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("username", String(64)),
    Index(None, "username"),
)

join_try = Table(
    "join_try",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "user_id"),
)

scenario = Table(
    "scenario",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("document", Text, nullable=False, comment="JSON"),
    Column("added_at", Moment, nullable=False),
    Column("added_by", BigInteger, nullable=False),
)

upload = Table(
    "upload",
    metadata,
    Column("sha256", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", String(255), nullable=False),
    Column("file_id", Text, nullable=False),
    PrimaryKeyConstraint("sha256", "kind", "name"),
)

picture = Table(
    "picture",
    metadata,
    _exercise(),
    Column("file", String(255), nullable=False, comment="Telegram's id, as the log has it"),
    Column("by_id", BigInteger, nullable=False, comment="who sent it"),
    Column("tries", SmallInteger, nullable=False, comment="how often Telegram did not give it out"),
    Column("body", LargeBinary, comment="as it came, for the report; none before it has been fetched"),
    PrimaryKeyConstraint("exercise", "file"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("writer", RowId, primary_key=True),
    Column("batch", BigInteger, nullable=False, comment="the last batch that this writer has committed"),
)

lease = Table(
    "lease",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("epoch", BigInteger, nullable=False, comment="counts the terms, whoever served them"),
    Column("expires_at", Moment, nullable=False),
)
