"""What the writer promises: clean YAML that reads back as the same scenario."""

from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from ruamel.yaml import YAML

from scenarios.library import bundled, read_bundled
from scenarios.model import Scenario, Text, Unit, load
from scenarios.yaml_reader import read_yaml
from scenarios.yaml_writer import write_yaml
from tests.scenarios.strategies import scenarios

CLEAN = """\
format: 1
id: banjir
title:
  id: Gladi banjir
  en: Flood drill
description: |-
  Two lines:
    the second is indented.
duration: 1h15m
languages: [id, en]

units:
  posko:
    name: 'Posko: ruang kendali'
    leader: Lurah

groups:
  semua: [posko]

injects:
  - id: F-01
    to: [all]
    text: >-
      Laporkan jumlah warga di tiap titik kumpul dan yang belum tercatat, lalu sebutkan
      kebutuhan yang paling mendesak.
    at: 1m30s
    acknowledge: 1m
    evidence: [text]

  - id: F-02
    to: [posko]
    text: Buka pintu air?
    kind: decision
    location: {lat: -7.645, lon: 112.9}
    acknowledge:
      within: 1m
      remind: 20s
    evidence:
      - text
      - {kind: photo, within: 5m}
    decision:
      by: posko
      within: 1m
      options:
        - id: 'null'
          text: Ya
          then: [F-01]
        - id: tidak
          text: ' spasi di depan'
    requires:
      any:
        - {inject: F-01, acknowledged: true}
      otherwise: ask
"""
SMALL = load(
    {
        "format": 1,
        "id": "x",
        "title": "x",
        "units": {"a": {"name": "x"}},
        "injects": [{"id": "A", "to": "a", "text": "x"}],
    }
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_what_is_written_reads_back_as_the_same_scenario(scenario: Scenario) -> None:
    reading = read_yaml(write_yaml(scenario).encode())
    assert reading.problems == ()
    assert reading.scenario == scenario


MIDDLES = ["x y", "x  y", "x\ny", "x \n y", "x\r\ny", "x\x85y", "x\u2028\ny", "x\xa0y", "x\ty\n\tz", "y " * 90 + "z"]
ENDINGS = ["", " ", "\n", "\n\n", "\t", "\r"]


@pytest.mark.parametrize("beginning", ["", " ", "\n", "\t", "- ", "? ", "# ", "%", "@", "---\n", "\ufeff"])
def test_odd_space_in_a_text_is_kept(beginning: str) -> None:
    for middle, ending in product(MIDDLES, ENDINGS):
        text = beginning + middle + ending
        unit = Unit(name=Text({"id": text, "en": text}))
        scenario = SMALL.model_copy(update={"title": Text(text), "units": {"a": unit}})
        assert read_yaml(write_yaml(scenario).encode()).scenario == scenario
        read = YAML(typ="safe", pure=True).load(write_yaml(scenario))
        assert (read["title"], read["units"]["a"]["name"]["en"]) == (text, text)


def test_what_is_written_is_as_a_person_would_write_it() -> None:
    reading = read_yaml(CLEAN.encode())
    assert reading.problems == ()
    assert reading.scenario is not None
    assert write_yaml(reading.scenario) == CLEAN.replace("' spasi di depan'", '" spasi di depan"')


def test_a_bundled_scenario_is_written_as_it_stands_in_the_library() -> None:
    for scenario_id in bundled():
        written = write_yaml(read_bundled(scenario_id))
        assert read_yaml(written.encode()).scenario == read_bundled(scenario_id)
        assert max(map(len, written.splitlines())) <= 120
        assert not any(line != line.rstrip() for line in written.splitlines())
