"""An inject with a picture keeps to the length of a caption, whatever is written and answered."""

from dataclasses import replace

import pytest

from bot.messages import InjectPart, InjectPost
from bot.wire.rendering.marking import LONGEST_CAPTION
from bot.wire.rendering.render import render
from bot.wire.rendering.rendered import Medium
from tests.builders import Play, a_scenario, an_exercise
from tests.rendering.reading import MARKING, lines, seen, units, view_of

PICTURE = Medium("photo", name="peta.png", sha256="0" * 64)
INJECT = {
    "id": "I-03",
    "at": "1s",
    "to": ["posko", "dalmas"],
    "kind": "decision",
    "text": "Perintah. " * 70,
    "media": [{"photo": "peta.png"}, {"document": "rencana.pdf"}],
    "location": {"lat": 1, "lon": 2, "name": {"id": "Simpang " * 30, "en": "Crossing"}},
    "acknowledge": {"within": "60s"},
    "evidence": ["photo", "location"],
    "decision": {
        "by": "posko",
        "within": "2m",
        "options": [{"id": f"o{n}", "text": f"Pilihan {n} " * 20} for n in range(4)],
    },
}


def played(*, answered: bool) -> Play:
    play = Play(an_exercise(a_scenario(injects=[INJECT]))).startex().to(5)
    return play.acknowledge(7, "I-03", "posko").decide(9, "I-03", "posko", "o1") if answered else play


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("language", ["id", "en"])
def test_an_inject_with_a_picture_fits_into_a_caption(language: str, *, answered: bool) -> None:
    view = replace(view_of(played(answered=answered).exercise, 20, language), medium=PICTURE)
    shown = render(InjectPost(exercise=7, inject="I-03", unit="posko"), view)
    assert shown.medium is not None
    assert units(seen(shown)) <= LONGEST_CAPTION
    assert lines(shown)[0] == lines(shown)[-1] == MARKING[language]
    assert "peta.png" in shown.alone


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_follows_is_numbered_and_marked(language: str) -> None:
    view = view_of(played(answered=False).exercise, 20, language)
    file = render(
        InjectPart(exercise=7, inject="I-03", unit="posko", number=2, medium=1), replace(view, medium=PICTURE)
    )
    place = render(InjectPart(exercise=7, inject="I-03", unit="posko", number=3), view)
    assert "2/3" in seen(file)
    assert file.medium is not None
    assert file.medium.name in {"LATIHAN-peta.png", "EXERCISE-peta.png"}
    assert place.venue is not None
    assert place.venue.address.startswith(MARKING[language])
    assert "3/3" in seen(place)
    for shown in (file, place):
        assert lines(shown)[0] == lines(shown)[-1] == MARKING[language]


def test_a_file_that_is_not_there_is_said_in_words() -> None:
    view = view_of(played(answered=False).exercise, 20)
    shown = render(InjectPart(exercise=7, inject="I-03", unit="posko", number=2, medium=1), view)
    assert shown.medium is None
    assert "rencana.pdf" in seen(shown)
