"""The sheets of a scenario as a workbook: their columns, in both languages, and what each column is for."""

from dataclasses import dataclass

from scenarios.model import Kind


@dataclass(frozen=True)
class Column:
    """A column; ``key`` is its name in the format. Labels and explanations are (Indonesian, English)."""

    key: str
    labels: tuple[str, str]
    help: tuple[str, str]
    width: int = 18
    is_text: bool = False
    """Whether it holds words for people, and so has one further column for each language."""
    choices: str = ""
    """The sheet whose first column lists what may stand here, or ``kinds``, ``targets`` or words with commas."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, which is a key of the format, and its columns."""

    name: str
    columns: tuple[Column, ...]
    help: tuple[str, str]


LANGUAGES = ("id", "en")
KINDS = tuple(kind.value for kind in Kind)


def text(key: str, labels: tuple[str, str], help_: tuple[str, str], width: int = 40) -> Column:
    """A column of words for people."""
    return Column(key, labels, help_, width, is_text=True)


_ID = ("id", "id")

EXERCISE = Sheet(
    "exercise",
    (
        Column("key", ("kunci", "key"), ("Nama isian; jangan diubah.", "The name of the entry; leave it."), 16),
        text("value", ("isi", "value"), ("Isinya.", "Its value."), 60),
    ),
    (
        "format selalu 1; id dipakai untuk /new; title judul; duration lamanya (mis. 1h30m); languages bahasa: id, en.",
        "format is always 1; id is what /new takes; title; duration, such as 1h30m; languages: id, en.",
    ),
)
UNITS = Sheet(
    "units",
    (
        Column("id", _ID, ("Nama pendek: huruf kecil, angka, - atau _.", "Short name: lower case, digits, - or _.")),
        text("name", ("nama", "name"), ("Nama satuan.", "What people call the unit."), 28),
        text("description", ("keterangan", "description"), ("Tugas satuan.", "What the unit does.")),
        text("leader", ("pimpinan", "leader"), ("Jabatan pimpinannya.", "The title of its commander."), 24),
    ),
    (
        "Satu baris untuk tiap satuan; tiap satuan satu grup Telegram.",
        "One row a unit; each unit is one Telegram chat.",
    ),
)
GROUPS = Sheet(
    "groups",
    (
        Column("id", _ID, ("Nama pendek kelompok.", "Short name of the group.")),
        Column(
            "units",
            ("satuan", "units"),
            ("Satuan di dalamnya, dipisah koma.", "The units in it, separated by commas."),
            60,
        ),
    ),
    ("Nama untuk beberapa satuan; 'all' sudah ada.", "Names for several units; 'all' exists."),
)
PHASES = Sheet(
    "phases",
    (
        Column("id", _ID, ("Nama pendek tahap.", "Short name of the phase.")),
        text("title", ("judul", "title"), ("Judul tahap.", "The phase's title.")),
    ),
    ("Tahap gladi, berurutan.", "Stretches of the exercise, in order."),
)
SITUATIONS = Sheet(
    "situations",
    (Column("id", _ID, ("Nama situasi.", "The situation's name.")),),
    ("Skala situasi, terendah di atas.", "The scale of the situation, lowest first."),
)
OBJECTIVES = Sheet(
    "objectives",
    (
        Column("id", _ID, ("Nama pendek sasaran.", "Short name of the objective.")),
        text("title", ("judul", "title"), ("Apa yang diuji.", "What is to be tested.")),
    ),
    ("Sasaran gladi.", "What the exercise is to test."),
)
INJECTS = Sheet(
    "injects",
    (
        Column("id", _ID, ("Nomor inject, mis. I-01.", "The inject's number, such as I-01."), 9),
        Column(
            "at",
            ("waktu", "at"),
            (
                "Waktu sejak STARTEX: 90s, 5m, 1h05m30s atau 01:05:30. Kosong: inject cadangan.",
                "Time from STARTEX: 90s, 5m, 1h05m30s or 01:05:30. Empty: a contingency inject.",
            ),
            11,
        ),
        Column(
            "to",
            ("kepada", "to"),
            ("Satuan, kelompok atau all; dipisah koma.", "Units, groups or all; separated by commas."),
            22,
            choices="targets",
        ),
        text("from", ("dari", "from"), ("Peran yang berbicara.", "The role that speaks."), 18),
        text("text", ("teks", "text"), ("Yang dikirim ke satuan.", "What is sent to the unit."), 60),
        Column(
            "kind",
            ("jenis", "kind"),
            (
                "order perintah, information informasi, report laporan, decision keputusan, admin. Kosong: order.",
                "order, information, report, decision or admin. Empty: order.",
            ),
            12,
            choices="kinds",
        ),
        Column("phase", ("tahap", "phase"), ("Tahap.", "The phase."), 14, choices="phases"),
        Column(
            "situation", ("situasi", "situation"), ("Situasi baru.", "The new situation."), 12, choices="situations"
        ),
        Column("objectives", ("sasaran", "objectives"), ("Dipisah koma.", "Separated by commas."), 18),
        text(
            "expect",
            ("diharapkan", "expect"),
            ("Untuk pengendali: tindakan yang diharapkan.", "For controllers: what should happen."),
        ),
        text("notes", ("catatan", "notes"), ("Untuk pengendali.", "For controllers.")),
        Column(
            "acknowledge",
            ("terima dalam", "acknowledge within"),
            ("Batas waktu tekan TERIMA, mis. 90s.", "Deadline to acknowledge, such as 90s."),
            12,
        ),
        Column(
            "acknowledge_by",
            ("terima oleh", "acknowledge by"),
            ("anyone siapa saja, leader pimpinan.", "anyone or leader."),
            12,
            choices="anyone,leader",
        ),
        Column(
            "remind",
            ("ingatkan", "remind"),
            ("Berapa lama sebelum batas waktu.", "How long before the deadline."),
            10,
        ),
        Column(
            "escalate",
            ("eskalasi", "escalate"),
            ("Berapa lama sesudah batas waktu.", "How long after the deadline."),
            10,
        ),
        Column(
            "progress",
            ("kemajuan", "progress"),
            ("Keadaan lanjutan, dipisah koma.", "Further states, separated by commas."),
            18,
        ),
        Column(
            "evidence",
            ("bukti", "evidence"),
            (
                "text, photo, location, document, voice; dengan batas waktu: photo 5m.",
                "text, photo, location, document, voice; with a deadline: photo 5m.",
            ),
        ),
        Column(
            "media",
            ("media", "media"),
            ("Satu baris satu berkas: photo: gambar/peta.jpg", "One file a line: photo: pictures/map.jpg"),
            26,
        ),
        Column("lat", ("lintang", "latitude"), ("Derajat, mis. -7.6453.", "Degrees, such as -7.6453."), 10),
        Column("lon", ("bujur", "longitude"), ("Derajat, mis. 112.9075.", "Degrees, such as 112.9075."), 10),
        text("place", ("tempat", "place"), ("Nama tempat itu.", "The name of that place."), 18),
        Column(
            "decision_by",
            ("diputuskan oleh", "decided by"),
            ("Satuan yang pimpinannya memutuskan.", "The unit whose leader decides."),
            16,
            choices="units",
        ),
        Column(
            "decision_within",
            ("putuskan dalam", "decide within"),
            ("Batas waktu keputusan.", "Deadline of the decision."),
            12,
        ),
        Column(
            "if_silent",
            ("bila diam", "if silent"),
            ("Inject yang menyusul bila tak dijawab.", "Injects to fire when nobody answers."),
            12,
        ),
        Column(
            "requires",
            ("syarat", "requires"),
            ("any salah satu, all semua (lembar conditions).", "any or all (of the sheet conditions)."),
            10,
            choices="any,all",
        ),
        Column(
            "otherwise",
            ("bila tidak", "otherwise"),
            ("skip lewati, ask tanya direktur.", "skip, or ask the director."),
            10,
            choices="skip,ask",
        ),
    ),
    ("Naskah: satu baris satu inject, sesuai urutan.", "The script: one row an inject, in order."),
)
OPTIONS = Sheet(
    "options",
    (
        Column(
            "inject", ("inject", "inject"), ("Inject yang bertanya.", "The inject that asks."), 10, choices="injects"
        ),
        Column("id", _ID, ("Nama pendek pilihan.", "Short name of the option.")),
        text("text", ("teks", "text"), ("Tulisan tombol.", "What the button says.")),
        Column("then", ("lalu", "then"), ("Inject yang menyusul.", "Injects that this choice fires."), 18),
        Column(
            "reason",
            ("alasan", "reason"),
            ("required: alasan wajib.", "required: the leader must say why."),
            12,
            choices="required",
        ),
    ),
    ("Pilihan keputusan, satu baris satu pilihan.", "The options of decisions, one a row."),
)
CONDITIONS = Sheet(
    "conditions",
    (
        Column(
            "inject", ("inject", "inject"), ("Inject yang bersyarat.", "The inject that waits."), 10, choices="injects"
        ),
        Column("needs", ("tergantung", "needs"), ("Inject yang ditanyai.", "The inject it asks about."), 12),
        Column("option", ("pilihan", "option"), ("Pilihan yang harus diambil.", "The option chosen there.")),
        Column(
            "acknowledged",
            ("diterima", "acknowledged"),
            ("yes: harus sudah diterima.", "yes: it must have been acknowledged."),
            14,
            choices="yes",
        ),
    ),
    ("Syarat inject, satu baris satu syarat.", "The conditions of injects, one a row."),
)
SHEETS = (EXERCISE, UNITS, GROUPS, PHASES, SITUATIONS, OBJECTIVES, INJECTS, OPTIONS, CONDITIONS)
ENTRIES = ("format", "id", "title", "description", "duration", "languages")
"""The rows of the sheet ``exercise``."""
TEXT_ENTRIES = frozenset({"title", "description"})


def label(column: Column, language: str, of: str = "") -> str:
    """The header of a column in ``language``; ``of`` is the language of its words."""
    words = column.labels[LANGUAGES.index(language)]
    return f"{words} ({of})" if of else words
