"""What is left of an exercise: summary pages, a chart, the record as a file. Pure but for the drawing."""

from bot.messages import PublicSummary, RecordFile, SentFiles, Summary, SummaryChart, UnitSummary
from bot.report.publishable import publishable
from bot.report.timeline import summary_pages, unit_pages
from bot.texts.catalogue import say
from bot.wire.rendering.html import Html, escape, fill, joined, one_line
from bot.wire.rendering.marking import LONGEST_CAPTION, marked, marked_file
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.view import View


def summary(message: Summary, view: View) -> Rendered:
    """One page of the summary for the control room."""
    return _page(summary_pages(view.run, view.language, view.log), message.page, view)


def unit_summary(message: UnitSummary, view: View) -> Rendered:
    """One page of a unit's own lines."""
    return _page(unit_pages(view.run, message.unit, view.language), message.page, view)


def public_summary(message: PublicSummary, view: View) -> Rendered:
    """The paragraph for observers."""
    del message  # it names the exercise that the view brings
    return Rendered(marked(escape(publishable(view.run, view.language)), view.language))


def summary_chart(message: SummaryChart, view: View) -> Rendered:
    """A picture. Drawing takes most of a second."""
    # Loading what draws takes as long, and the start of the bot has to be quick.
    from bot.report import chart, spread_chart  # noqa: PLC0415 - see above

    if message.spread:
        key, file, photo = "summary.spread", "summary.spread_file", spread_chart.spread_png(view.run, view.language)
    else:
        key, file, photo = "summary.chart", "summary.chart_file", chart.chart_png(view.run, view.language)
    name = marked_file(view.language, f"{message.exercise}-{say(view.language, file)}.png")
    return Rendered(_caption(key, view), photo=photo, file_name=name)


def record_file(message: RecordFile, view: View) -> Rendered:
    """The record.

    Raises:
        ValueError: the view brings no record.
    """
    if view.record_json is None:
        raise ValueError("a record file is rendered without its record")
    name = marked_file(view.language, f"{message.exercise}-{say(view.language, 'summary.record_file')}.json")
    return Rendered(_caption("summary.record", view), document=view.record_json, file_name=name)


def sent_files(message: SentFiles, view: View) -> Rendered:
    """The files that came in, or that there are none.

    Raises:
        ValueError: the view brings no archive.
    """
    language = view.language
    if view.bundle is None:
        raise ValueError("the files are rendered without their archive")
    if not view.bundle.files:
        return Rendered(marked(fill(language, "summary.no_files"), language))
    title = fill(language, "summary.files", number=str(message.exercise), files=str(view.bundle.files))
    missing = fill(language, "summary.files_missing", missing=str(view.bundle.missing)) if view.bundle.missing else ""
    name = marked_file(language, f"{message.exercise}-{say(language, 'summary.files_file')}.zip")
    caption = marked(joined((title, missing)), language, LONGEST_CAPTION)
    return Rendered(caption, document=view.bundle.body, file_name=name)


def _page(pages: tuple[str, ...], page: int, view: View) -> Rendered:
    """The page asked for, or the last one where the exercise has since become shorter to tell."""
    body = Html(pages[min(page, len(pages) - 1)]) if pages else fill(view.language, "summary.empty")
    return Rendered(marked(body, view.language))


def _caption(key: str, view: View) -> str:
    exercise = view.run
    body = fill(view.language, key, number=str(exercise.number), exercise_name=one_line(exercise.name))
    return marked(body, view.language, LONGEST_CAPTION)
