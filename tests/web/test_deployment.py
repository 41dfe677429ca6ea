"""The alerts and the board that come along ask for figures that there are."""

import json
import re
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from ruamel.yaml import YAML

from bot import app, leadership
from bot.store import writer
from bot.web import server
from bot.web.metrics import Metrics
from bot.wire.failures import FailureKind

DEPLOY = Path(__file__).parents[2] / "deploy"
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
OUTCOMES = {"done", "dropped", "uncertain"} | {kind.value for kind in FailureKind}


def figures(registry: CollectorRegistry) -> set[str]:
    """Every name under which Prometheus knows a figure of this program."""
    families = registry.collect()
    return {f"{family.name}{suffix}" for family in families for suffix in SUFFIXES[family.type]}


def asked_by_the_alerts() -> list[str]:
    groups = YAML(typ="safe").load(DEPLOY / "alerts.yaml")["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


def board() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((DEPLOY / "grafana.json").read_text())
    return read


def asked_by_the_board() -> list[str]:
    return [target["expr"] for panel in board()["panels"] for target in panel["targets"]]


def test_alerts_and_board_ask_for_figures_that_there_are() -> None:
    known = figures(Metrics().registry)
    asked = [*asked_by_the_alerts(), *asked_by_the_board()]
    named = {name for expression in asked for name in re.findall(r"geladi_\w+", expression)}
    assert named - known == set()
    assert {outcome for each in asked for outcome in re.findall(r'outcome="(\w+)"', each)} <= OUTCOMES


def test_every_figure_stands_on_the_board() -> None:
    asked = " ".join(asked_by_the_board())
    families = [family.name for family in Metrics().registry.collect()]
    assert [name for name in families if name not in asked] == []


def test_no_process_that_does_not_hear_stands_for_the_one_that_should() -> None:
    """One that stands by has no last good answer, or one of its own; of several the leader's alone is asked."""
    asked = [each for each in (*asked_by_the_alerts(), *asked_by_the_board()) if "updates_last_good" in each]
    assert len(asked) == 2
    assert all("geladi_leading == 1" in each for each in asked)


def test_a_leader_that_has_never_had_an_answer_hears_nothing() -> None:
    """It shows no number, and no comparison with none is ever true: so it is what is left over that alarms."""
    (alarm,) = [each for each in asked_by_the_alerts() if "updates_last_good" in each]
    assert "geladi_leading == 1 unless geladi_updates_last_good_seconds <= 90" in alarm
    (panel,) = [each for each in board()["panels"] if each["title"] == "Last good poll"]
    assert panel["options"]["reduceOptions"]["calcs"] == ["last"]
    (mapping,) = panel["fieldConfig"]["defaults"]["mappings"]
    assert (mapping["type"], mapping["options"]["match"]) == ("special", "null+nan")
    assert mapping["options"]["result"]["color"] == "red"


def test_the_unit_gives_a_leader_without_its_database_the_time_to_end() -> None:
    """It waits for its messages, for what its term and the process have left to commit, for the lease, for requests."""
    unit = (DEPLOY / "geladi.service").read_text()
    given = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert given is not None
    commits = 2 * writer._LAST_PATIENCE
    assert int(given[1]) > app._FAREWELL_SECONDS + commits + leadership._RELEASE_SECONDS + server._STOP_WITHIN
