"""What is found in a scenario, in the language of whoever planned it."""

from babel.numbers import format_decimal

from bot.texts.catalogue import say, translations
from scenarios.grids import Told
from scenarios.wording import Wording


def worded(wording: Wording, language: str) -> str:
    """``wording`` in ``language``; what that has no words for stays English."""
    known = translations(language)
    return wording.translated(
        lambda template: known.get(template, template), lambda number: format_decimal(number, locale=language)
    )


def line(told: Told, language: str) -> str:
    """``PLACE: severity: message`` for a chat, all of it in ``language``."""
    return f"{told.place}: {say(language, f'finding.{told.severity}')}: {worded(told.message, language)}"


def located(told: Told, file_name: str, language: str) -> str:
    """``FILE:PLACE: severity: message`` for a command line: the message alone is in ``language``."""
    return f"{file_name}:{told.place}: {told.severity}: {worded(told.message, language)}"
