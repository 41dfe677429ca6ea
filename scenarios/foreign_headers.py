"""What the columns of somebody else's script mean: Indonesian and English headers, in any order. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scenarios.grids import Grid, GridRow

_MEANINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "no", "nomor", "no urut", "seq", "sequence", "serial", "inject no", "inject number", "inject id", "#"),
    "at": ("at", "waktu", "time", "jam", "pukul", "exercise time", "waktu latihan", "waktu pelaksanaan", "start time"),
    "text": (
        "text",
        "teks",
        "narasi kejadian",
        "skenario narasi kejadian",
        "narasi",
        "skenario",
        "kejadian",
        "description",
        "inject description",
        "event description",
        "deskripsi",
        "inject",
        "event",
        "message",
        "pesan",
        "uraian",
    ),
    "to": (
        "to",
        "kepada",
        "unsur pelaksana",
        "pelaksana",
        "pemeran",
        "satuan",
        "unit",
        "units",
        "recipient",
        "receiver",
        "target",
        "penerima",
    ),
    "from": ("from", "dari", "pengirim", "sender", "pelapor", "reporter"),
    "kind": ("kind", "jenis", "jenis inject", "inject type", "type"),
    "phase": ("phase", "tahap", "fase", "tahapan", "stage"),
    "expect": (
        "expect",
        "diharapkan",
        "expected action",
        "expected actions",
        "expected response",
        "expected outcome",
        "tindakan yang diharapkan",
        "respon yang diharapkan",
        "uraian kegiatan",
        "kegiatan",
        "tindakan",
    ),
    "order": ("perintah", "order", "orders", "instruksi", "instruction"),
    "notes": ("notes", "note", "catatan", "keterangan", "remarks", "ket"),
    "acknowledge": ("acknowledge", "acknowledge within", "terima dalam"),
}
"""For each meaning the headers that have it, the most telling first: of several, the first is used."""
_SIGNS = re.compile(r"[^\w#]+")
_LAST_HEADER_ROW = 30


@dataclass(frozen=True)
class Heading:
    """The header of a foreign script: the row it stands in, and which column means what."""

    grid: Grid
    position: int
    """Index of the header among the grid's rows."""
    columns: Mapping[str, int]
    titles: Mapping[int, str]

    @property
    def unmapped(self) -> Iterator[int]:
        """Columns with a title that have no place in a scenario."""
        used = set(self.columns.values())
        return (column for column in self.titles if column not in used)


def find_heading(grids: Sequence[Grid]) -> Heading | None:
    """The first row that heads a script: it has a column of words and one of times or receivers."""
    for grid in grids:
        for position, row in enumerate(grid.rows[:_LAST_HEADER_ROW]):
            columns = _columns(row)
            # Without a narrative, what is to be done is what the unit is told.
            for stand_in in ("order", "expect"):
                if "text" not in columns and stand_in in columns:
                    columns["text"] = columns.pop(stand_in)
            if "text" in columns and columns.keys() & {"at", "to"}:
                titles = {column: row.text(column) for column in range(len(row.cells)) if row.text(column)}
                return Heading(grid, position, columns, titles)
    return None


def _columns(row: GridRow) -> dict[str, int]:
    found: dict[str, tuple[int, int]] = {}
    for column in range(len(row.cells)):
        title = " ".join(_SIGNS.sub(" ", re.sub(r"\(.*?\)", "", row.text(column)).casefold()).split())
        for meaning, names in _MEANINGS.items():
            if title in names:
                found[meaning] = min(found.get(meaning, (len(names), column)), (names.index(title), column))
    return {meaning: column for meaning, (_, column) in found.items()}
