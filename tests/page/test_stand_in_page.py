"""What the page on the stand-in promises is there."""

import re
from pathlib import Path
from typing import get_args

from bot.rehearsal.page.acts import Act
from bot.rehearsal.page.controls import Control
from bot.rehearsal.standin.checks import methods
from bot.rehearsal.standin.methods import HANDLERS
from bot.rehearsal.trouble import Kind

PAGE = (Path(__file__).parents[2] / "docs" / "stand-in.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(\w+)`", PAGE))


def test_every_method_is_named_and_no_other() -> None:
    listed = re.search(r"^Methods: (.*?)\.$", PAGE, re.MULTILINE | re.DOTALL)
    assert listed is not None
    assert set(re.findall(r"`(\w+)`", listed[1])) == {methods()[name].name for name in HANDLERS}


def test_every_act_control_and_trouble_is_named() -> None:
    acts = {name for act in get_args(Act) for name in get_args(act.model_fields["act"].annotation)}
    controls = {name for control in get_args(Control) for name in get_args(control.model_fields["control"].annotation)}
    assert acts | controls | {kind.value for kind in Kind} <= NAMED
