"""What is left of an exercise: summary pages, a chart, the record as a file. Pure but for the drawing."""

from bot.exercise.forms import Form
from bot.messages import PublicSummary, RecordFile, SentFiles, Summary, SummaryChart, UnitSummary
from bot.report.publishable import publishable
from bot.report.timeline import summary_pages, unit_pages
from bot.texts.catalogue import say
from bot.wire.rendering.html import Html, escape, fill, joined, one_line
from bot.wire.rendering.marking import LONGEST_CAPTION, marked, marked_file
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.view import View
from bot.wire.shelf import LARGEST


def summary(message: Summary, view: View) -> Rendered:
    """One page of the summary for the control room."""
    return _page(view.pages or summary_pages(view.run, view.language, view.log), message.page, view)


def unit_summary(message: UnitSummary, view: View) -> Rendered:
    """One page of a unit's own lines."""
    return _page(unit_pages(view.run, message.unit, view.language), message.page, view)


def public_summary(message: PublicSummary, view: View) -> Rendered:
    """The paragraph for observers."""
    del message  # it names the exercise that the view brings
    return Rendered(marked(escape(publishable(view.run, view.language)), view.language))


def summary_chart(message: SummaryChart, view: View) -> Rendered:
    """A picture."""
    form = form_of(message)
    if view.file is None:
        return _no_file(form, view)
    return Rendered(_caption(form, view), photo=view.file, file_name=_name(form, view))


def record_file(message: RecordFile, view: View) -> Rendered:
    """The record in one form, or that it cannot be made or sent here."""
    if view.file is None or len(view.file) > LARGEST["document"]:
        return _no_file(message.form, view)
    return Rendered(_caption(message.form, view), document=view.file, file_name=_name(message.form, view))


def form_of(message: SummaryChart | RecordFile) -> Form:
    """In which form of the record a message shows it."""
    if isinstance(message, RecordFile):
        return message.form
    return Form.SPREAD_PNG if message.spread else Form.PNG


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


def _caption(form: Form, view: View) -> str:
    exercise = view.run
    key = f"summary.form.{form}"
    body = fill(view.language, key, number=str(exercise.number), exercise_name=one_line(exercise.name))
    return marked(body, view.language, LONGEST_CAPTION)


def _name(form: Form, view: View) -> str:
    words = say(view.language, f"summary.name.{form}")
    return marked_file(view.language, f"{view.run.number}-{words}.{form.ending}")


def _no_file(form: Form, view: View) -> Rendered:
    words = fill(view.language, "summary.no_file", number=str(view.run.number), form=form)
    return Rendered(marked(words, view.language))
