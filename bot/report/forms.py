"""The record of an exercise in every form, made from one account. Pure."""

from typing import Literal, assert_never

from bot.exercise.forms import Form
from bot.report.account import Account
from bot.report.csv_form import report_csv
from bot.report.record import record_file_of
from bot.report.seals import printed


def made(told: Account, form: Form, language: str) -> bytes:
    """The record in one form, in ``language``."""
    # What draws and sets takes a second to load: only whoever wants a form waits for what makes it.
    match form:
        case Form.JSON:
            return record_file_of(told)
        case Form.CSV:
            return report_csv(told, language)
        case Form.XLSX:
            from bot.report.xlsx import report_xlsx  # noqa: PLC0415 - see above

            return report_xlsx(told, language)
        case Form.HTML:
            from bot.report.html_page.page import report_html  # noqa: PLC0415 - see above

            return report_html(told, language)
        case Form.PDF | Form.DECISIONS_PDF:
            from bot.report.paper import document  # noqa: PLC0415 - see above

            return (document.report_pdf if form is Form.PDF else document.decisions_pdf)(told, language)
        case Form.PNG | Form.SVG | Form.SPREAD_PNG | Form.SPREAD_SVG:
            return _picture(told, form, language)
        case _:
            assert_never(form)


def _picture(
    told: Account, form: Literal[Form.PNG, Form.SVG, Form.SPREAD_PNG, Form.SPREAD_SVG], language: str
) -> bytes:
    from bot.report import chart, spread_chart  # noqa: PLC0415 - see above

    draw = {
        Form.PNG: chart.chart_png,
        Form.SVG: chart.chart_svg,
        Form.SPREAD_PNG: spread_chart.spread_png,
        Form.SPREAD_SVG: spread_chart.spread_svg,
    }
    seal = printed(told.entries) if told.entries else None
    return draw[form](told.exercise, language, seal=seal)
