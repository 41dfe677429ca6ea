"""What reading promises: the scenario, or every problem at its place, in plain words."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.model import EvidenceKind
from scenarios.problems import Problem, Severity
from scenarios.wording import Wording
from scenarios.yaml_reader import LOCAL, UPLOADED, read_yaml

HEAD = """\
format: 1
id: uji
title: Uji
units:
  posko: {name: Posko}
  dalmas_awal: {name: Dalmas Awal}
"""
"""Six lines; what a case adds begins on line 7."""
INJECT = "injects: [{id: I-01, to: all, text: Lapor.}]\n"


def problems(text: str) -> list[str]:
    return [str(problem) for problem in read_yaml(text.encode()).problems]


def test_a_minimal_scenario_is_read() -> None:
    reading = read_yaml((HEAD + INJECT).encode())
    assert reading.problems == ()
    assert reading.scenario is not None
    assert reading.scenario.title.root == "Uji"
    assert [inject.id for inject in reading.scenario.injects] == ["I-01"]


def test_plain_words_stay_words_where_yaml_would_make_something_else_of_them() -> None:
    text = HEAD.replace("id: uji", "id: no").replace("title: Uji", "title: 2024") + (
        "injects:\n"
        "  - {id: 12, to: [posko], text: yes, at: 00:00:00}\n"
        "  - {id: 0x1F, to: posko, text: 01:05:30, at: 01:05:30}\n"
        "  - {id: I-3, to: posko, text: 2023-10-16, at: 1h05m, acknowledge: 90s, evidence: [photo]}\n"
    )
    scenario = read_yaml(text.encode()).scenario
    assert scenario is not None
    assert (scenario.id, scenario.title.root) == ("no", "2024")
    assert [inject.id for inject in scenario.injects] == ["12", "0x1F", "I-3"]
    assert [inject.text.root for inject in scenario.injects] == ["yes", "01:05:30", "2023-10-16"]
    assert [inject.at for inject in scenario.injects] == [
        timedelta(0),
        timedelta(hours=1, minutes=5, seconds=30),
        timedelta(hours=1, minutes=5),
    ]
    acknowledge = scenario.injects[2].acknowledge
    assert acknowledge is not None
    assert acknowledge.within == timedelta(seconds=90)
    assert scenario.injects[2].evidence[0].kind is EvidenceKind.PHOTO


@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b"---\n", b"# a comment\n\n", b"%YAML 1.2\n---\n"])
def test_a_byte_order_mark_a_comment_or_one_document_start_is_no_problem(prefix: bytes) -> None:
    assert read_yaml(prefix + (HEAD + INJECT).encode()).problems == ()


def test_windows_line_ends_are_no_problem_and_do_not_move_the_places() -> None:
    text = (HEAD + INJECT + "titel: x\n").replace("\n", "\r\n")
    assert problems(text) == ["8:1: error: unknown key 'titel'; did you mean 'title'?"]


def test_an_anchor_repeats_a_list_and_a_text() -> None:
    text = HEAD + (
        "injects:\n  - {id: A, to: &two [posko, dalmas_awal], text: &same Lapor.}\n  - {id: B, to: *two, text: *same}\n"
    )
    scenario = read_yaml(text.encode()).scenario
    assert scenario is not None
    assert scenario.injects[1].to == ("posko", "dalmas_awal")
    assert scenario.injects[1].text.root == "Lapor."


def test_a_problem_reached_through_an_alias_stands_where_the_value_was_written() -> None:
    text = HEAD + "injects:\n  - {id: A, to: &x [poskoo], text: t}\n  - {id: B, to: *x, text: t}\n"
    assert problems(text) == ["8:21: error: unknown unit 'poskoo'; did you mean 'posko'?"]


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("titel: x\n" + INJECT, ["7:1: error: unknown key 'titel'; did you mean 'title'?"]),
        ("title: x\n" + INJECT, ["7:1: error: 'title' appears twice here, first on line 3"]),
        ("", ["1:1: error: missing key 'injects'"]),
        ("injects: []\n", ["7:10: error: 'injects' has too few entries; it needs at least 1"]),
        ("injects: hari ini\n", ["7:10: error: 'injects' must be a list, such as [first, second]"]),
        ("injects:\n", ["7:1: error: 'injects' has no value; give it one or delete the line"]),
        ("injects: [I-01]\n", ["7:11: error: an entry of 'injects' must hold keys with values"]),
        ("injects: [~]\n", ["7:11: error: this entry is empty; give it a value or delete it"]),
        ("injects: [{id: I_1, to: all, text: x}]\n", ["7:16: error: 'I_1' is not possible here: an inject id has"]),
        ("injects: [{id: I-1, to: all}]\n", ["7:11: error: missing key 'text' in inject 'I-1'"]),
        ("injects: [{id: I-1, to: all, text: ''}]\n", ["7:36: error: 'text' is empty"]),
        ("injects: [{id: I-1, to: all, text: ' '}]\n", ["7:36: error: 'text': the text is empty"]),
        ('injects: [{id: I-1, to: all, text: "\\0"}]\n', ["7:36: error: 'text': the text holds the control character"]),
        ("injects: [{id: I-1, to: all, text: [x]}]\n", ["7:36: error: 'text' must be text, or a text for each"]),
        ("injects: [{id: I-1, to: all, text: {}}]\n", ["7:36: error: 'text' has too few entries"]),
        ("injects: [{id: I-1, to: all, text: {fr: x}}]\n", ["7:37: error: a language cannot be 'fr'; use id or en"]),
        ("injects: [{id: I-1, to: [], text: x}]\n", ["7:25: error: 'to' has too few entries"]),
        ("injects: [{id: I-1, to: Posko, text: x}]\n", ["7:25: error: 'Posko' is not possible here: use 1 to 40"]),
        ("injects: [{id: I-1, to: all, text: x, at: 90}]\n", ["7:43: error: 'at': '90' is no duration; write it like"]),
        ("injects: [{id: I-1, to: all, text: x, at: }]\n", ["7:39: error: 'at' has no value; give it one"]),
        ("injects: [{id: I-1, to: all, text: x, at: -5m}]\n", ["7:43: error: 'at': '-5m' is no duration"]),
        ("injects: [{id: I-1, to: all, text: x, acknowledge: {by: leader}}]\n", ["7:52: error: missing key 'within'"]),
        ("injects: [{id: I-1, to: all, text: x, acknowledge: soon}]\n", ["7:52: error: 'acknowledge': 'soon' is no"]),
        (
            "injects: [{id: I-1, to: all, text: x, kind: oder}]\n",
            ["7:45: error: 'kind' cannot be 'oder'; did you mean"],
        ),
        (
            "injects: [{id: I-1, to: all, text: x, evidence: [foto]}]\n",
            ["7:50: error: an entry of 'evidence' cannot be"],
        ),
        (
            "injects: [{id: I-1, to: all, text: x, location: {lat: 91, lon: timur}}]\n",
            ["7:55: error: 'lat' must be a number from -90 to 90", "7:64: error: 'lon' must be a number from -180"],
        ),
        ("injects: [{id: I-1, to: all, text: x, sender: y}]\n", ["7:39: error: unknown key 'sender' in inject 'I-1'"]),
        ("injects: [{id: I-1, to: all, text: !!str x}]\n", ["7:36: error: YAML tags are not allowed; remove '!!str'"]),
        ("injects: [{id: I-1, to: all, text: ! x}]\n", ["7:36: error: YAML tags are not allowed; remove '!'"]),
        ("injects: [{id: I-1, to: *t, text: x}]\n", ["7:25: error: no anchor &t comes before this alias"]),
        ("groups: {g: &g [*g]}\n" + INJECT, ["7:17: error: the alias *g stands inside of what it repeats"]),
        ("<<: {duration: 5m}\n" + INJECT, ["7:1: error: merge keys (<<) are not part of this format"]),
        ("? [a]\n: b\n" + INJECT, ["7:3: error: a key must be a plain word"]),
        (INJECT + "---\nformat: 1\n", ["8:1: error: a second document starts here; one file holds one scenario"]),
        (INJECT + "\tduration: 5m\n", ["8:1: error: this is no valid YAML: a tab cannot indent a line; use spaces"]),
        (INJECT + "phases: [\n", ["9:1: error: this is no valid YAML: "]),
        (INJECT + "description: a: b\n", ["8:15: error: this is no valid YAML: a colon and a space inside a text?"]),
        (INJECT + "description: 'a\n", ["9:1: error: this is no valid YAML: the file ends inside of a text"]),
        (INJECT + " description: a\n", ["8:2: error: this is no valid YAML: "]),
        (INJECT + "description: a\a\n", ["8:15: error: the control character U+0007 is not allowed; remove it"]),
    ],
)
def test_a_problem_is_told_at_its_place(added: str, expected: list[str]) -> None:
    found = problems(HEAD + added)
    assert len(found) == len(expected), found
    for problem, beginning in zip(found, expected, strict=True):
        assert problem.startswith(beginning)
    assert read_yaml((HEAD + added).encode()).scenario is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "1:1: error: the file is empty: it holds no scenario"),
        (b"# nothing here\n", "1:1: error: the file is empty: it holds no scenario"),
        (b"---\n...\n", "1:1: error: the file is empty: it holds no scenario"),
        (b"- a\n- b\n", "1:1: error: a scenario is a list of keys with values"),
        (b"Halo\n", "1:1: error: a scenario is a list of keys with values"),
        (b"format: 1\nid: caf\xe9\n", "2:8: error: this is not UTF-8 text; save the file as UTF-8"),
        ("format: 1\n".encode("utf-16"), "1:1: error: this is not UTF-8 text; save the file as UTF-8"),
        (b"format: 2\n", "1:1: error: missing key 'id'"),
        (b"PK\x03\x04", "1:3: error: the control character U+0003 is not allowed; remove it"),
    ],
)
def test_a_file_that_holds_no_scenario_is_refused_with_a_reason(data: bytes, expected: str) -> None:
    reading = read_yaml(data)
    assert reading.scenario is None
    assert str(reading.problems[0]).startswith(expected)


def test_every_problem_is_told_in_one_go_in_the_order_of_the_text() -> None:
    text = """\
format: 2
id: Uji
languages: [id, en]
title: {id: Uji}
units:
  dalmas_awal: {name: Dalmas, nama: x}
groups:
  g: [dalmas_awl]
injects:
  - id: I-01
    to: [dalmas_awl]
    at: 90
    text: x
  - id: I-02
    to: g
    at:
    text: {en: x}
    phase: kampanye
  - id: i-02
    to: all
    kind: decision
    text: x
    if_silent: [I-01, I-09]
"""
    assert problems(text) == [
        "1:9: error: 'format' is '2'; this version reads 'format: 1'",
        "2:5: error: 'Uji' is not possible here: use 1 to 40 lower-case letters, digits, - or _",
        "4:1: error: no text in 'en', which 'languages' declares",
        "6:31: error: unknown key 'nama' in unit 'dalmas_awal'; did you mean 'name'?",
        "8:7: error: unknown unit 'dalmas_awl'; did you mean 'dalmas_awal'?",
        "11:10: error: unknown unit 'dalmas_awl'; did you mean 'dalmas_awal'?",
        "12:9: error: 'at': '90' is no duration; write it like 90s, 5m, 1h05m30s or 01:05:30",
        "16:5: error: 'at' has no value; give it one or delete the line",
        "17:5: error: no text in 'id', which 'languages' declares",
        "18:12: error: unknown phase 'kampanye'",
        "19:9: error: inject id 'i-02' is there already as 'I-02', in entry 2",
        "21:11: error: inject 'i-02' is of kind 'decision' but has no 'decision'; add it",
        "23:5: error: 'if_silent' needs a deadline: this inject asks for no acknowledgement and no decision",
        "23:23: error: unknown inject 'I-09'",
    ]


@pytest.mark.parametrize(
    ("faulty", "told"),
    [
        ("kind: decision, decision: {by: posko, within: 1m}", "missing key 'options' in inject 'I-01'"),
        ("kind: decison, decision: {by: posko, within: 1m, options: []}", "'kind' cannot be 'decison'"),
        ("acknowledge: 5", "'acknowledge': '5' is no duration"),
        ("acknowledge: 5m, progress: [Done]", "'Done' is not possible here"),
    ],
)
def test_a_faulty_part_does_not_make_the_parts_around_it_look_wrong(faulty: str, told: str) -> None:
    text = HEAD + (
        "injects:\n"
        f"  - {{id: I-01, to: all, text: x, {faulty}, if_silent: [I-02, I-77]}}\n"
        "  - {id: I-02, to: all, text: x, requires: {all: [{inject: I-01, option: a}]}}\n"
        "  - {id: I-03, to: all, text: x, requires: {all: [{inject: I-01, acknowledged: true}]}}\n"
    )
    messages = [
        problem.message for problem in read_yaml(text.encode()).problems if "'options' has" not in problem.message
    ]
    assert [message for message in messages if not message.startswith(told)] == ["unknown inject 'I-77'"]
    assert len(messages) == 2


@pytest.mark.parametrize(
    ("faulty", "line"),
    [
        ("phases: [{id: Awal, title: Awal}]\n", "7:15: error: 'Awal' is not possible here"),
        ("objectives: satu\n", "7:13: error: 'objectives' must be a list"),
        ("situations: [Hijau]\n", "7:14: error: 'Hijau' is not possible here"),
        ("groups: {lapangan: posko}\n", "7:20: error: 'lapangan' must be a list"),
        ("duration: 90\n", "7:11: error: 'duration': '90' is no duration"),
        ("tile: x\n", "7:1: error: unknown key 'tile'"),
    ],
)
def test_a_faulty_declaration_does_not_make_what_names_it_look_wrong(faulty: str, line: str) -> None:
    declared = {
        "phases": "phases: [{id: awal, title: Awal}]\n",
        "objectives": "objectives: [{id: satu, title: Satu}]\n",
        "situations": "situations: [hijau]\n",
        "groups": "groups: {lapangan: [posko]}\n",
    }
    sound = "".join(text for key, text in declared.items() if not faulty.startswith(key))
    inject = "{id: I-01, to: lapangan, text: x, phase: awal, objectives: [satu], situation: hijau, if_silent: [I-9]"
    decision = "kind: decision, decision: {by: posko, within: 1m, options: [{id: a, text: a}, {id: b, text: b}]}"
    first, second = problems(f"{HEAD}{faulty}{sound}injects: [{inject}, {decision}}}]\n")
    assert first.startswith(line)
    assert second.endswith("error: unknown inject 'I-9'")


def test_a_unit_with_an_impossible_name_is_told_once() -> None:
    text = HEAD + "  Posko Dua: {name: x}\n" + "injects: [{id: I-01, to: [posko], text: x, phase: awal}]\n"
    assert problems(text) == [
        "7:3: error: 'Posko Dua' is not possible here: use 1 to 40 lower-case letters, digits, - or _",
        "8:51: error: unknown phase 'awal'",
    ]


def test_a_warning_alone_does_not_refuse_the_scenario() -> None:
    text = HEAD + "duration: 5m\ninjects: [{id: I-01, to: all, text: x, at: 6m}]\n"
    reading = read_yaml(text.encode())
    assert reading.scenario is not None
    assert [problem.severity for problem in reading.problems] == [Severity.WARNING]


def test_a_problem_is_written_as_compilers_write_them() -> None:
    problem = Problem(3, 7, Severity.WARNING, Wording("too late"))
    assert problem.located("drill.yaml") == "drill.yaml:3:7: warning: too late"


def test_a_problem_stays_on_one_line_whatever_the_file_holds() -> None:
    text = HEAD + f'injects: [{{id: "a\\nb", to: all, text: x, kind: "{"k" * 5000}\\n"}}]\n'
    for problem in problems(text):
        assert "\n" not in problem
        assert len(problem) < 200


def test_a_file_from_the_command_line_may_be_larger_than_one_from_a_chat() -> None:
    text = (HEAD + INJECT + "# " + "x" * UPLOADED.size + "\n").encode()
    assert "the file is too large" in str(read_yaml(text).problems[0])
    assert read_yaml(text, LOCAL).problems == ()


MARKS = "-?:&*!|>%'\"#[]{},~\\ \n\t\r\x85\u2028\ufeff😀ax1"
PIECES = ("%YAML 9.9\n", "%TAG ! a\n", "---", "...", "&a ", "*a ", "!<x> ", "a: ", "- ", "  ", "format: 1\n")
KEYS = ("units:\n", "injects:\n", "  - ", "id: ", "to: ", "text: ", "at: ", "requires: {any: [")
SCRAPS = (*MARKS, *PIECES, *KEYS)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.sampled_from(SCRAPS), max_size=40).map(lambda scraps: "".join(scraps).encode()),
    )
)
def test_no_bytes_at_all_make_the_reader_fail(data: bytes) -> None:
    reading = read_yaml(data)
    assert (reading.scenario is None) == any(problem.severity is Severity.ERROR for problem in reading.problems)
    assert list(reading.problems) == sorted(reading.problems)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in reading.problems)
