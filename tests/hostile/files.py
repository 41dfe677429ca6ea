"""Files that are made to hurt whoever reads them."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from scenarios.library import read_bundled
from scenarios.model import load
from scenarios.writing import write_scenario

HEAD = "format: 1\nid: x\ntitle: x\nunits: {posko: {name: x}}\n"
_MEGABYTE = 1024 * 1024
_SAVED = Path(__file__).parents[1] / "scenarios" / "foreign" / "river_flood.xlsx"
_SHEET = "xl/worksheets/sheet{}.xml"


def workbook() -> bytes:
    """A sound workbook, to be spoilt."""
    return write_scenario(read_bundled("evakuasi_banjir"), ".xlsx", "id")


def _unchanged(_: str, part: bytes) -> bytes:
    return part


def repacked(
    change: Callable[[str, bytes], bytes] = _unchanged,
    added: Mapping[str, bytes] = MappingProxyType({}),
    *,
    original: bytes | None = None,
) -> bytes:
    """A workbook with its parts changed, and with parts more."""
    packed = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(original or workbook()))
    with source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            target.writestr(part.filename, change(part.filename, source.read(part)))
        for name, body in added.items():
            target.writestr(name, body)
    return packed.getvalue()


def _in_sheet(old: bytes, new: bytes, sheet: int = 1) -> bytes:
    def change(name: str, part: bytes) -> bytes:
        if name != _SHEET.format(sheet):
            return part
        assert old in part, part[:300]
        return part.replace(old, new, 1)

    return repacked(change)


def _laughs_in_xml() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return _in_sheet(b"<worksheet", f"<!DOCTYPE x [{entities}]><worksheet".encode())


def _external_entity() -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY passwd SYSTEM "file:///etc/passwd">]><worksheet'
    return _in_sheet(b"<worksheet", doctype)


def _entity_in(name: str, opening: bytes) -> bytes:
    """The same in another part of a workbook, as a spreadsheet program saves it."""
    doctype = b'<!DOCTYPE x [<!ENTITY passwd SYSTEM "file:///etc/passwd">]>'

    def change(part: str, body: bytes) -> bytes:
        if part != name:
            return body
        assert opening in body, body[:300]
        return body.replace(opening, doctype + opening, 1)

    return repacked(change, original=_SAVED.read_bytes())


def _declaring_an_encoding(encoding: bytes) -> bytes:
    return _in_sheet(b"<worksheet", b'<?xml version="1.0" encoding="' + encoding + b'"?><worksheet')


def _leading_out(suffix: str) -> bytes:
    """A scenario whose picture lies somewhere else on the machine."""
    inject = {"id": "A", "to": "all", "text": "x", "media": [{"photo": "../../etc/passwd"}]}
    scenario = load({"format": 1, "id": "x", "title": "x", "units": {"posko": {"name": "x"}}, "injects": [inject]})
    return write_scenario(scenario, suffix, "en")


def _bomb(size: int) -> bytes:
    rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"x" * size
    return _in_sheet(b"<sheetData>", b"<sheetData>" + rows + b"</t></is></c></row>")


def _varied_bomb() -> bytes:
    """Two megabytes that become fifty: packed less tight than a row of one letter."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n * 7919 % 1_000_003:x}{"y" * 270}</t></is></c></row>'
        for n in range(1, 155_000)
    )
    return _in_sheet(b"<sheetData>", b"<sheetData>" + rows.encode())


def _lying_sizes() -> bytes:
    """The directory of the archive says that little is in it."""
    data = bytearray(_bomb(40 * _MEGABYTE))
    position = data.rfind(b"PK\x01\x02")
    while position >= 0:
        data[position + 24 : position + 28] = (100).to_bytes(4, "little")
        position = data.rfind(b"PK\x01\x02", 0, position)
    return bytes(data)


def _nested() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", b"\0" * 8 * _MEGABYTE)
    return inner.getvalue()


def _many_rows() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 150_000))
    return _in_sheet(b"</sheetData>", rows.encode() + b"</sheetData>")


def _deep() -> bytes:
    return _in_sheet(b"<sheetData>", b"<sheetData>" + b"<row>" * 200_000)


def _many_styles() -> bytes:
    def change(name: str, part: bytes) -> bytes:
        if name != "xl/styles.xml":
            return part
        return part.replace(b"<fonts", b"<fonts>" + b"<font><sz val='9'/></font>" * 200_000 + b"</fonts><fonts", 1)

    return repacked(change)


def _declaring_a_huge_size(_: str, part: bytes) -> bytes:
    return re.sub(rb'<dimension ref="[A-Z0-9:]+"', b'<dimension ref="A1:XFD1048576"', part)


def _many_merges() -> bytes:
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return _in_sheet(b"</sheetData>", b"</sheetData>" + merged)


def _long_text_again_and_again() -> str:
    injects = "".join(f"  - {{id: I-{n}, to: all, text: x, notes: *long}}\n" for n in range(4_000))
    return f"{HEAD}description: &long {'x ' * 100_000}\ninjects:\n{injects}"


def _laughs() -> str:
    rows = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)]
    return HEAD + "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(rows)


def _costly_words() -> str:
    """As many different names as fit, each one wrong and each compared with those that exist."""
    units = "".join(f"  unit-{number}: {{name: x}}\n" for number in range(1_000))
    injects = "".join(f"  - {{id: I-{n}, to: [unit-{n}x, unit-{n}y], text: x}}\n" for n in range(5_000))
    return f"format: 1\nid: x\ntitle: x\nunits:\n{units}injects:\n{injects}"


_ROW = "Seq,Time,To,Description\n"

UNREAD: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "fifty megabytes of text": ("x.yaml", lambda: b"x " * 25 * _MEGABYTE),
    "fifty megabytes of rows": ("x.csv", lambda: b"a,b\n" * 12 * _MEGABYTE),
    "fifty megabytes of a workbook": ("x.xlsx", lambda: bytes(50 * _MEGABYTE)),
    "a program": ("x.exe", lambda: b"MZ"),
    "a workbook with macros by its name": ("x.xlsm", workbook),
}
"""Refused by name or size alone."""

HOSTILE: Mapping[str, tuple[str, Callable[[], bytes | str]]] = {
    "a billion laughs": ("x.yaml", _laughs),
    "twenty thousand brackets": ("x.yaml", lambda: "[" * 20_000),
    "tags that make objects": ("x.yaml", lambda: HEAD + "description: !!python/object/apply:os.system ['id']\n"),
    "a long text again and again": ("x.yaml", _long_text_again_and_again),
    "thousands of wrong names": ("x.yaml", _costly_words),
    "UTF-16": ("x.yaml", lambda: HEAD.encode("utf-16")),
    "Latin-1": ("x.yaml", lambda: (HEAD + "description: caf\u00e9\n").encode("latin-1")),
    "UTF-7": ("x.yaml", lambda: (HEAD + "injects: +AGEAYg-\n").encode("ascii")),
    "an overlong encoding": ("x.yaml", lambda: HEAD.encode() + b"description: \xc0\xaf\n"),
    "a path that leads out": (
        "x.yaml",
        lambda: HEAD + "injects: [{id: A, to: all, text: x, media: [{photo: ../../etc/passwd}]}]\n",
    ),
    "a path from the root": (
        "x.yaml",
        lambda: HEAD + "injects: [{id: A, to: all, text: x, media: [{document: /etc/passwd}]}]\n",
    ),
    "a path of Windows": (
        "x.yaml",
        lambda: HEAD + "injects: [{id: A, to: all, text: x, media: [{document: 'C:\\secret.txt'}]}]\n",
    ),
    "a path that leads out, in a workbook": ("x.xlsx", lambda: _leading_out(".xlsx")),
    "a path that leads out, in CSV": ("x.csv", lambda: _leading_out(".csv")),
    "no workbook at all": ("x.xlsx", lambda: b"PK\x03\x04" + bytes(1_000)),
    "an old workbook": ("x.xlsx", lambda: b"\xd0\xcf\x11\xe0" + bytes(1_000)),
    "a bomb of one letter": ("x.xlsx", lambda: _bomb(50 * _MEGABYTE)),
    "a bomb of many rows": ("x.xlsx", _varied_bomb),
    "an archive that lies about its sizes": ("x.xlsx", _lying_sizes),
    "styles by the thousand": ("x.xlsx", _many_styles),
    "a thousand parts": ("x.xlsx", lambda: repacked(added={f"xl/junk/{n}": b"x" for n in range(1_000)})),
    "a billion laughs in XML": ("x.xlsx", _laughs_in_xml),
    "an external entity": ("x.xlsx", _external_entity),
    "an external entity in the list of sheets": ("x.xlsx", lambda: _entity_in("xl/workbook.xml", b"<workbook")),
    "an external entity among the words": ("x.xlsx", lambda: _entity_in("xl/sharedStrings.xml", b"<sst")),
    "an external entity among the parts": ("x.xlsx", lambda: _entity_in("[Content_Types].xml", b"<Types")),
    "a sheet that says it is UTF-16": ("x.xlsx", lambda: _declaring_an_encoding(b"UTF-16")),
    "a sheet in an encoding that runs programs": ("x.xlsx", lambda: _declaring_an_encoding(b"rot13")),
    "macros": ("x.xlsx", lambda: repacked(added={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})),
    "rows without end": ("x.xlsx", _many_rows),
    "elements in elements": ("x.xlsx", _deep),
    "a huge column": (
        "x.xlsx",
        lambda: _in_sheet(b"<sheetData>", b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row>'),
    ),
    "a row out of reach": (
        "x.xlsx",
        lambda: _in_sheet(b"<sheetData>", b'<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
    ),
    "a cut archive": ("x.xlsx", lambda: workbook()[:9_000]),
    "columns without end": ("x.csv", lambda: _ROW + "," * 900_000 + "x"),
    "a cell without end": ("x.csv", lambda: _ROW + '1,J+5,A,"' + "x" * 900_000),
    "rows of nothing": ("x.csv", lambda: _ROW + "x\n" * 400_000),
    "zero bytes": ("x.csv", lambda: bytes(500_000)),
    "a CSV in UTF-16": ("x.csv", lambda: _ROW.encode("utf-16")),
    "a CSV in Latin-1": ("x.csv", lambda: (_ROW + "1,J+5,A,caf\u00e9\n").encode("latin-1")),
    "a CSV cut within a letter": ("x.csv", lambda: (_ROW + "1,J+5,A,caf\u00e9").encode()[:-1]),
    "quotes without end": ("x.csv", lambda: _ROW + '"' * 900_001),
    "nothing": ("x.csv", lambda: b""),
}
"""To be refused within the limits of the guarded reader."""

HARMLESS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "a huge size declared": ("x.xlsx", lambda: repacked(_declaring_a_huge_size)),
    "a cell merged over everything": ("x.xlsx", _many_merges),
    "an archive in the archive": ("x.xlsx", lambda: repacked(added={"xl/media/image1.zip": _nested()})),
}
"""Odd, and read all the same: what is odd about them costs nothing."""
