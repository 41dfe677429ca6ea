"""A unit's report for the control room, with the file that came with it. Pure."""

from bot.messages import Span, UnitReport
from bot.report.pages import utf16_units
from bot.texts.catalogue import say
from bot.wire.rendering.html import bold, clean, escape, filled, joined, one_line, shorten, visible
from bot.wire.rendering.marking import LONGEST_CAPTION, LONGEST_TEXT, marked, room
from bot.wire.rendering.rendered import Medium, Rendered, Venue
from bot.wire.rendering.view import View
from bot.wire.rendering.words import given, unit_name


def unit_report(message: UnitReport, view: View) -> Rendered:
    """The report: unit and exercise time first, then who and what; its file with it, or its place."""
    exercise, language = view.run, view.language
    gaps = given(
        {
            "unit": message.unit,
            "inject": message.inject or "",
            "exercise_time": Span(elapsed=exercise.clock.elapsed(message.at)),
            "kind": say(language, f"report_kind.{message.kind}"),
            "by": message.by,
        },
        exercise,
        language,
    )
    head = joined(
        (
            bold(filled(language, f"unit_report.{message.what or 'title'}", gaps)),
            filled(language, "unit_report.inject", gaps),
            filled(language, "unit_report.by", gaps),
        )
    )

    def whole(longest: int) -> str:
        words = shorten(clean(message.text), room(language, longest) - utf16_units(visible(head)) - 1)
        return marked(joined((head, escape(words))), language, longest)

    alone = whole(LONGEST_TEXT)
    match message.kind:
        case "photo" | "document" | "video" | "voice":
            medium = Medium(message.kind, file_id=message.file)
            return Rendered(whole(LONGEST_CAPTION), medium=medium, alone=alone)
        case "location":
            lat, _, lon = message.file.partition(",")
            title = f"{say(language, 'marking.file')}: {unit_name(exercise, message.unit, language)}"
            address = f"{say(language, 'marking')} · {gaps['exercise_time']} · {one_line(message.by)}"
            return Rendered(alone, venue=Venue(float(lat), float(lon), title, address), alone=alone)
        case _:
            return Rendered(alone)
