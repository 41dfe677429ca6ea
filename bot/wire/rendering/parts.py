"""What comes with an inject beside its words: further media, and its place on the map. Pure."""

from dataclasses import replace

from bot.exercise.model import InjectRun
from bot.messages import InjectPart
from bot.texts.catalogue import say
from bot.wire.rendering.html import Html, bold, fill, joined, one_line
from bot.wire.rendering.marking import LONGEST_CAPTION, marked, marked_file
from bot.wire.rendering.rendered import Medium, Rendered, Venue
from bot.wire.rendering.view import View
from bot.wire.rendering.words import delivery_of

_LONGEST_TITLE = 64


def inject_part(part: InjectPart, view: View, *, repeat: bool) -> Rendered:
    """One further file of an inject, or its place; in words where that cannot be sent.

    ``repeat`` says that the chat may have it already.
    """
    language = view.language
    run, _ = delivery_of(view.run, part.inject, part.unit)
    again = fill(language, "inject.repeat") if repeat else Html()
    head = joined((bold(f"{run.id} · {part.number}/{parts_of(run)}"), again))
    if part.medium is None:
        words = joined((head, place_of(run, language)))
        venue = _venue(run, language, repeat=repeat)
        return Rendered(marked(words, language), venue=venue, alone=marked(words, language))
    alone = marked(joined((head, without(run, part.medium, language))), language)
    if view.medium is None:
        return Rendered(alone)
    return Rendered(marked(head, language, LONGEST_CAPTION), medium=named(view.medium, language), alone=alone)


def parts_of(run: InjectRun) -> int:
    """How many messages an inject takes: its words, with the first of its media, the others, and its place."""
    return max(1, len(run.inject.media)) + (run.inject.location is not None)


def named(medium: Medium, language: str) -> Medium:
    """A file under the name that its readers see, which carries the marking too."""
    return replace(medium, name=marked_file(language, medium.name))


def without(run: InjectRun, medium: int, language: str) -> Html:
    """That a file of an inject has not come with its words."""
    given = run.inject.media[medium]
    path = given.photo or given.document or given.video or given.voice or ""
    return fill(language, "inject.without_medium", file=one_line(path.rpartition("/")[2]))


def place_of(run: InjectRun, language: str) -> Html:
    """The place of an inject in words; nothing where it has none."""
    place = run.inject.location
    if place is None:
        return Html()
    position = _position(run)
    name = one_line(place.name.in_language(language)) if place.name else ""
    return fill(language, "inject.place", place=f"{name} ({position})" if name else position)


def _venue(run: InjectRun, language: str, *, repeat: bool) -> Venue | None:
    place = run.inject.location
    if place is None:
        return None
    name = one_line(place.name.in_language(language), _LONGEST_TITLE) if place.name else _position(run)
    # A place has no caption: its title and its address carry the marking.
    title = f"{say(language, 'marking.file')}: {name}"
    under = [say(language, "marking"), run.id, *([say(language, "inject.repeat")] if repeat else [])]
    return Venue(place.lat, place.lon, title, " · ".join(under))


def _position(run: InjectRun) -> str:
    place = run.inject.location
    return f"{place.lat:.5f}, {place.lon:.5f}" if place else ""
