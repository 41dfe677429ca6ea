"""What the columns of somebody else's script mean: Indonesian and English headers, in any order. Pure."""

import re
from collections.abc import Mapping, Sequence
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
    """The header of a foreign script: the rows it stands in, and which column means what."""

    grid: Grid
    first: int
    last: int
    """Indexes of its rows among the grid's; it may have two, as where one title stands above several."""
    columns: Mapping[str, int]
    titles: Mapping[int, str]

    def is_repeated_in(self, row: GridRow) -> bool:
        """Whether ``row`` is the header again, as at the top of a further page."""
        said = _titles(row)
        return len(said) > 1 and any(said == _titles(header) for header in self.grid.rows[self.first : self.last + 1])


def find_heading(grids: Sequence[Grid]) -> Heading | None:
    """The first rows that head a script: they have a column of words and one of times or receivers."""
    for grid in grids:
        for position, row in enumerate(grid.rows[:_LAST_HEADER_ROW]):
            titles = _titles(row)
            if _heads_a_script(_columns(titles)):
                last = position
                while last + 1 < len(grid.rows) and _is_header(grid.rows[last + 1]):
                    last += 1
                    titles |= _titles(grid.rows[last])
                return Heading(grid, position, last, _columns(titles), titles)
    return None


def _heads_a_script(columns: Mapping[str, int]) -> bool:
    return "text" in columns and not columns.keys().isdisjoint({"at", "to"})


def _is_header(row: GridRow) -> bool:
    """Whether ``row`` holds titles of columns and nothing else."""
    filled = _filled(row)
    return len(filled) > 1 and all(_meaning(row.text(column)) for column in filled)


def _filled(row: GridRow) -> list[int]:
    return [column for column in range(len(row.cells)) if row.text(column)]


def _titles(row: GridRow) -> dict[int, str]:
    return {column: " ".join(row.text(column).split()) for column in _filled(row)}


def _columns(titles: Mapping[int, str]) -> dict[str, int]:
    found: dict[str, tuple[int, int]] = {}
    for column, title in titles.items():
        if meaning := _meaning(title):
            name, rank = meaning
            found[name] = min(found.get(name, (rank, column)), (rank, column))
    columns = {name: column for name, (_, column) in found.items()}
    # Without a narrative, what is to be done is what the unit is told.
    for stand_in in ("order", "expect"):
        if "text" not in columns and stand_in in columns:
            columns["text"] = columns.pop(stand_in)
    return columns


def _meaning(title: str) -> tuple[str, int] | None:
    """What a column of that title holds, and how well the title tells it: 0 is best."""
    plain = " ".join(_SIGNS.sub(" ", re.sub(r"\(.*?\)", "", title).casefold()).split())
    return next(((name, titles.index(plain)) for name, titles in _MEANINGS.items() if plain in titles), None)
