"""The report as one HTML page: what a chief reads first on top, the timeline to explore, every table, the seal.

Nothing is fetched: style, script, data and pictures are in the file, and its policy forbids a browser to ask for
more. Without its script the page still shows everything but the timeline, which is then there as a picture.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib import resources
from xml.etree.ElementTree import Element

import orjson

from bot.report.account import Account
from bot.report.album import Album
from bot.report.cells import sortable, worded
from bot.report.chart import chart_svg
from bot.report.html_page.elements import Node, document, element
from bot.report.html_page.lanes import timeline_of
from bot.report.seals import printed
from bot.report.spread_chart import spread_svg
from bot.report.standing import Standing
from bot.report.tables import Cell, Seconds, Table, tables
from bot.report.telling import Telling
from bot.texts.catalogue import say, template

MOST_ROWS = 1_000
"""Of a table; what is beyond them is in the other forms of the record."""
_FOLDED = frozenset({"overview", "timeline", "answers"})
"""Tables that are there to look things up in."""
_OPEN_ROWS = 25
"""Rows up to which another table is open; that of the units always is."""
_LEFT_OUT = frozenset({"log"})
"""Thousands of lines in their own terms: they are in the record."""
_PAGE_TEXTS = (
    "all", "close", "details", "fit", "no_phase", "phase", "shown", "status", "timeline_help", "unit", "unsure",
    "zoom_in", "zoom_out",
)  # fmt: skip


def report_html(told: Account, language: str) -> bytes:
    """The page, in ``language``; the same bytes for the same exercise."""
    telling = Telling.of(told.exercise, language)
    found = {table.key: table for table in tables(told, language, but=_LEFT_OUT)}
    style, script = _static("look.css"), _static("explorer.js")
    marking = say(language, "marking")
    title = f"{telling.say('title', number=told.exercise.number)} · {told.exercise.name}"
    # The script fills the gaps of its texts itself.
    texts = {name: template(language, f"report.html.{name}") for name in _PAGE_TEXTS}
    texts |= {name: telling.say(f"chart.{name}") for name in ("decided", "undecided")}
    data = {
        "texts": texts,
        "standings": {how.value: telling.say(f"standing.{how}") for how in Standing},
        "timeline": timeline_of(told, found["answers"], telling),
    }
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{marking} · {title}"),
        element("style", style),
    )
    body = element(
        "body",
        element("p", marking, class_="marking"),
        _header(told, telling),
        element(
            "main",
            _section(found["exceptions"], _exceptions(found["exceptions"], telling)),
            _explorer(telling, texts),
            _spread(telling),
            *_album(told, telling),
            *(_table_section(table, telling) for key, table in found.items() if _is_shown(key) and table.rows),
            *_seal(told, telling),
        ),
        element("p", marking, class_="marking"),
        element("script", _json(data), type="application/json", id="data"),
        element("script", script),
    )
    return document(element("html", head, body, lang=language))


def _is_shown(key: str) -> bool:
    return key not in _LEFT_OUT and key != "exceptions"


def _header(told: Account, telling: Telling) -> Element:
    """What it was, and how it went, in one look."""
    exercise, clock, numbers = told.exercise, told.exercise.clock, told.overall
    lines = [telling.say("scenario", title=exercise.scenario.title.in_language(telling.language))]
    if clock.startex_at:
        zone, start = telling.zone(clock.startex_at), telling.clock(clock.startex_at)
        lines.append(telling.date(clock.startex_at))
        if clock.endex_at:
            lines.append(telling.say("period", start=start, end=telling.clock(clock.endex_at), zone=zone))
        else:
            lines.append(telling.say("since", start=start, zone=zone))
    in_time = numbers.acknowledged - numbers.late
    silent = sum(decision.silent for decision in told.decisions)
    tiles: list[tuple[str, str, str]] = [
        ("late", str(numbers.late), "late" if numbers.late else ""),
        ("missed", str(numbers.missed), "missed" if numbers.missed else ""),
        ("open", str(numbers.open), ""),
        ("median", telling.bound(numbers.median_seconds, at_least=numbers.median_at_least), ""),
        ("p90", telling.bound(numbers.p90_seconds, at_least=numbers.p90_at_least), ""),
        ("worst", telling.bound(numbers.worst_seconds, at_least=numbers.worst_at_least), ""),
        ("decided", str(len(told.decisions) - silent), ""),
        ("silent", str(silent), "missed" if silent else ""),
    ]
    return element(
        "header",
        element("p", telling.say("title", number=exercise.number), class_="kicker"),
        element("h1", exercise.name),
        element("p", " · ".join(lines)),
        element("p", telling.say("result", in_time=in_time, asked=numbers.asked), class_="result"),
        element(
            "dl",
            (
                element("div", element("dt", telling.say(f"item.{key}")), element("dd", value or "-"), class_=colour)
                for key, value, colour in tiles
            ),
            class_="tiles",
        ),
        element("p", telling.say("doc.meaning"), class_="small"),
    )


def _explorer(telling: Telling, texts: dict[str, str]) -> Element:
    """The place of the timeline, which the script fills, and the same as a picture."""
    return element(
        "section",
        element("h2", telling.say("html.explorer")),
        element("div", id="explorer", hidden=True),
        element("noscript", element("p", telling.say("html.no_script"))),
        element(
            "details",
            element("summary", telling.say("html.picture")),
            _picture(chart_svg(telling.exercise, telling.language), telling.say("html.picture")),
        ),
        aria_label=texts["timeline_help"],
    )


def _spread(telling: Telling) -> Element:
    """How the answer times of each unit spread."""
    title = telling.say("spread.title")
    picture = _picture(spread_svg(telling.exercise, telling.language), title)
    return element("section", element("h2", title), picture, id="spread")


def _picture(svg: bytes, words: str) -> Element:
    return element("figure", element("img", src=_address("svg+xml", svg), alt=words))


def _album(told: Account, telling: Telling) -> Iterable[Element]:
    """The pictures that were sent in; one that could not be had leaves its place with words in it."""
    album = Album.of(told, telling)
    if not album.frames:
        return
    missing = element("p", telling.say("doc.no_picture"), class_="small")
    figures = (
        element(
            "figure",
            element("img", src=_address("jpeg", album.files[frame.name]), alt=frame.caption) if frame.name else missing,
            element("figcaption", frame.caption),
        )
        for frame in album.frames
    )
    note = [element("p", album.note, class_="small")] if album.note else []
    title = telling.say("pictures")
    yield element("section", element("h2", title), element("div", figures, class_="album"), *note, id="pictures")


def _address(kind: str, body: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(body).decode()}"


def _exceptions(table: Table, telling: Telling) -> Node:
    return _framed(table, telling) if table.rows else element("p", telling.say("none"))


def _table_section(table: Table, telling: Telling) -> Element:
    if table.key in _FOLDED or (len(table.rows) > _OPEN_ROWS and table.key != "units"):
        head = element("h2", f"{table.title} ({len(table.rows)})")
        return element("section", element("details", element("summary", head), _framed(table, telling)), id=table.key)
    return _section(table, _framed(table, telling))


def _seal(told: Account, telling: Telling) -> Iterable[Element]:
    if told.entries:
        seal = printed(told.entries)
        words = element("p", telling.say("seal", entries=seal.entries))
        yield element("section", element("h2", telling.say("doc.seal")), words, element("p", seal.head, class_="seal"))


def _section(table: Table, *content: Node) -> Element:
    return element("section", element("h2", table.title), *content, id=table.key)


def _framed(table: Table, telling: Telling) -> Element:
    """A table that scrolls within its frame where it is wider than the screen."""
    rows = table.rows[:MOST_ROWS]
    left_out = len(table.rows) - len(rows)
    rest = [element("p", telling.more(left_out), class_="small")] if left_out else []
    made = element(
        "table",
        element("thead", element("tr", _heads(table))),
        element("tbody", (element("tr", _cells(row, telling)) for row in rows)),
    )
    frame = element("div", made, class_="frame", tabindex="0", role="region", aria_label=table.title)
    return element("div", frame, *rest)


def _heads(table: Table) -> Iterable[Element]:
    for column, head in zip(table.columns, table.heads, strict=True):
        numbers = any(isinstance(cell, int | Seconds) for cell in table.column(column)[:MOST_ROWS])
        yield element("th", head, scope="col", class_="number" if numbers else "")


def _cells(row: Sequence[Cell], telling: Telling) -> Iterable[Element]:
    for cell in row:
        number = sortable(cell)
        words = worded(cell, telling)
        if isinstance(cell, datetime):
            words = f"{words} {telling.zone(cell)}"
        if number is None:
            yield element("td", words, class_="words" if len(words) > 40 else "")
        else:
            kind = "number" if isinstance(cell, int | Seconds) else "time"
            yield element("td", words, class_=kind, data_sort=number)


def _policy(style: str, script: str) -> str:
    """Nothing but what is in the file: a browser runs this style and this script and fetches nothing at all."""
    hashes = (base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script))
    allowed = [f"{kind}-src 'sha256-{made}'" for kind, made in zip(("style", "script"), hashes, strict=True)]
    return "; ".join(["default-src 'none'", *allowed, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _json(data: object) -> str:
    """JSON that cannot end the element in which it stands."""
    return orjson.dumps(data).decode().replace("<", "\\u003c")


def _static(name: str) -> str:
    return (resources.files("bot.report.html_page") / "static" / name).read_text(encoding="utf-8")
