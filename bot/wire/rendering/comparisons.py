"""Runs side by side, in the control room. Pure but for the drawing."""

from bot.messages import Comparison, ComparisonChart
from bot.report.comparison import compare, comparison_pages
from bot.texts.catalogue import say
from bot.wire.rendering.html import Html, fill
from bot.wire.rendering.marking import LONGEST_CAPTION, marked, marked_file
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.view import View


def comparison(message: Comparison, view: View) -> Rendered:
    """One page of the comparison."""
    pages = comparison_pages(compare(view.compared), view.language)
    return Rendered(marked(Html(pages[min(message.page, len(pages) - 1)]), view.language))


def comparison_chart(message: ComparisonChart, view: View) -> Rendered:
    """The trend. Drawing takes most of a second."""
    # Loading what draws takes as long, and the start of the bot has to be quick.
    from bot.report.trend_chart import trend_png  # noqa: PLC0415 - see above

    language = view.language
    runs = ", ".join(f"#{number}" for number in message.runs)
    caption = marked(fill(language, "summary.comparison", runs=runs), language, LONGEST_CAPTION)
    name = marked_file(language, f"{message.exercise}-{say(language, 'summary.comparison_file')}.png")
    return Rendered(caption, photo=trend_png(compare(view.compared), language), file_name=name)
