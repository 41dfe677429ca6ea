"""What is found in a scenario: every sentence of the source has its Indonesian, and no more than it fills."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import scenarios
from bot.texts.catalogue import translations
from bot.texts.findings import line, located, worded
from scenarios.grids import Told
from scenarios.guarded import answer_of
from scenarios.problems import Severity
from scenarios.wording import Wording, gaps_of

SOURCE = Path(scenarios.__file__).parent
INDONESIAN = translations("id")
HEAVY = Wording(
    "{file} has {size:,} bytes; as a {kind} Telegram takes {most} MB", file="'a'", size=7_000, kind="photo", most=5
)


def marked() -> Iterator[tuple[str, ast.Call]]:
    """Every place of the source that makes a wording, or a template for one."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name("Wording" | "templated")):
                    yield f"{path.name}:{node.lineno}", node
                case _:
                    pass


def written(call: ast.Call) -> str | None:
    """The template in a call, if it stands there."""
    match call.args:
        case [ast.Constant(str(template))]:
            return template
        case _:
            return None


TEMPLATES = {template: where for where, call in marked() if (template := written(call)) is not None}


def test_a_template_stands_where_it_is_filled_or_is_marked() -> None:
    elsewhere = [where.partition(":")[0] for where, call in marked() if written(call) is None]
    assert elsewhere == ["shape.py"]
    assert len(TEMPLATES) > 150


def test_what_is_filled_is_what_the_template_has() -> None:
    for where, call in marked():
        template = written(call)
        if template is not None and isinstance(call.func, ast.Name) and call.func.id == "Wording":
            assert sorted(str(keyword.arg) for keyword in call.keywords) == gaps_of(template), where


def test_every_finding_is_there_in_indonesian() -> None:
    assert {template: where for template, where in TEMPLATES.items() if not INDONESIAN.get(template)} == {}


def test_nothing_is_there_in_indonesian_that_is_never_found() -> None:
    assert INDONESIAN.keys() - TEMPLATES.keys() == set()


@pytest.mark.parametrize("template", sorted(INDONESIAN))
def test_a_finding_has_the_same_gaps_in_both_languages(template: str) -> None:
    assert gaps_of(INDONESIAN[template]) == gaps_of(template)
    assert INDONESIAN[template].count(":,}") == template.count(":,}")
    assert INDONESIAN[template][:1].isspace() == template[:1].isspace()


def test_a_finding_is_english_in_itself_and_indonesian_where_asked() -> None:
    assert HEAVY == "'a' has 7,000 bytes; as a photo Telegram takes 5 MB"
    assert worded(HEAVY, "en") == HEAVY
    assert worded(HEAVY, "id") == "'a' berukuran 7.000 byte; sebagai photo Telegram menerima 5 MB"


def test_what_fills_a_gap_is_translated_too_and_never_read_as_a_gap() -> None:
    unit = Wording("unknown {what} {name}{hint}", what=Wording("unit"), name="'{what}{0}'", hint="")
    assert unit == "unknown unit '{what}{0}'"
    assert worded(unit, "id") == "satuan '{what}{0}' tidak dikenal"


def test_what_no_catalogue_knows_stays_english() -> None:
    assert worded(Wording("nobody said {this} before", this="so"), "id") == "nobody said so before"


def test_the_words_that_programs_read_are_the_same_in_every_language() -> None:
    told = Told("3:7", Severity.WARNING, Wording("this row has no id"))
    assert located(told, "x.yaml", "en") == told.located("x.yaml") == "x.yaml:3:7: warning: this row has no id"
    assert located(told, "x.yaml", "id") == "x.yaml:3:7: warning: baris ini tidak punya id"
    assert line(told, "id") == "3:7: peringatan: baris ini tidak punya id"
    assert line(told, "en") == "3:7: warning: this row has no id"


def test_a_template_that_is_not_filled_is_refused() -> None:
    with pytest.raises(ValueError, match="not filled"):
        Wording("no {inject}")
    with pytest.raises(ValueError, match="not filled"):
        Wording("{inject} and {inject}", inject="I-01")


def test_a_finding_survives_the_way_out_of_the_guarded_process() -> None:
    hint = Wording("; did you mean '{name}'?", name="posko")
    told = Told("1:1", Severity.ERROR, Wording("unknown {what} {name}{hint}", what="x", name="'p'", hint=hint))
    sent = json.dumps({"scenario": None, "problems": [(told.place, told.severity, told.message.dump())]})
    _, (back,) = answer_of(sent.encode())
    assert back == told
    assert line(back, "id") == "1:1: kesalahan: x 'p' tidak dikenal; maksudnya 'posko'?"


def deep(levels: int) -> object:
    """Wordings within one another."""
    return ["{a}", {"a": deep(levels - 1)}] if levels else "x"


@pytest.mark.parametrize(
    "hostile",
    [
        "no template at all",
        ["{a}", {}],
        ["{a}" * 9, {"a": "x"}],
        ["{a}", {"b": "x"}],
        ["{a}", {"a": None}],
        ["{a}", {"a": ["{b}", {"b": [1, 2]}]}],
        [7, {}],
        deep(21),
        deep(300),
    ],
    ids=lambda hostile: str(hostile)[:40],
)
def test_a_stranger_cannot_make_a_finding_of_something_else(hostile: object) -> None:
    sent = json.dumps({"scenario": None, "problems": [("1:1", "error", hostile)]})
    with pytest.raises(ValueError, match=r"wording|filled|answer"):
        answer_of(sent.encode())


def test_a_strangers_template_looks_into_nothing() -> None:
    sent = json.dumps({"scenario": None, "problems": [("1:1", "error", ["{a.__class__} {a!r:>99} {}", {}])]})
    _, (told,) = answer_of(sent.encode())
    assert worded(told.message, "id") == "{a.__class__} {a!r:>99} {}"
