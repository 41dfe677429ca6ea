"""Settings as people write them."""

import pytest
from pydantic import ValidationError

from bot.exercise.forms import Form
from bot.settings import Settings


@pytest.mark.parametrize(
    ("written", "forms"),
    [
        ("pdf,xlsx,json", (Form.PDF, Form.XLSX, Form.JSON)),
        (" PDF , decisions-pdf,pdf", (Form.PDF, Form.DECISIONS_PDF)),
        ("", ()),
    ],
)
def test_the_files_after_endex_are_chosen_by_name(
    written: str, forms: tuple[Form, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GELADI_FILES", written)
    assert Settings(_env_file=None).files == forms


def test_a_file_that_there_is_not_is_refused_with_those_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GELADI_FILES", "pdf,docx")
    with pytest.raises(ValidationError, match="write some of json, xlsx"):
        Settings(_env_file=None)
