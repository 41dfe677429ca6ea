"""What came of each inject, read from the chats alone."""

from datetime import timedelta
from random import Random

import pytest

from bot.rehearsal.course import Course, State
from bot.rehearsal.drill import Drill
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.world import World
from bot.texts.catalogue import say
from scenarios.model import Scenario
from scenarios.yaml_reader import read_yaml
from tests.rehearsal.stage import HandClock

SCENARIO = """\
format: 1
id: gladi
title: Gladi
units: {posko: {name: Posko}, dalmas: {name: Dalmas}}
injects:
  - {id: I-01, at: 0s, to: [all], text: Siaga, acknowledge: 60s}
  - {id: I-02, at: 5m, to: [posko], text: Bergerak, acknowledge: 60s}
  - {id: I-03, at: 5m, to: [posko], text: Bila perlu, requires: {any: [{inject: I-02, acknowledged: true}]}}
"""


class Play:
    """A drill whose bot is played by the test."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.world = World(self.clock)
        self.bot = self.world.add_bot("geladi_bot")
        self.drill = Drill(self.world, scenario(), "id", Random(1))
        self.course = Course(self.drill.scenario, self.drill.control, self.drill.units)
        self.world.changes.listen(self.course.notice)

    def control(self, key: str, **gaps: object) -> None:
        known = dict.fromkeys(("time", "number", "bound", "units", "by", "why", "exercise_time"), "1")
        words = say("id", key, **{**known, **gaps})
        self.world.post(self.drill.control, self.bot.user, text=f"LATIHAN\n{words}\nLATIHAN")

    def inject(self, inject: str, unit: str, at: str) -> Message:
        markup = {"inline_keyboard": [[{"text": say("id", "ack.button"), "callback_data": "a"}]]}
        text = f"LATIHAN\n{inject} · J+{at} · Direktur\n\nSiaga\nLATIHAN"
        return self.world.post(self.drill.chat_of(unit), self.bot.user, text=text, markup=markup)


def scenario() -> Scenario:
    read = read_yaml(SCENARIO.encode()).scenario
    assert read is not None
    return read


@pytest.fixture
def play() -> Play:
    return Play()


def test_the_first_injects_count_though_the_control_room_hears_of_startex_after_them(play: Play) -> None:
    play.inject("I-01", "posko", "00:00:00")
    play.control("notice.startex_control")
    play.inject("I-01", "dalmas", "00:00:00")
    assert play.course.counters() == {"sent": 2, "repeated": 0, "asked": 2, "acknowledged": 0}


def test_an_inject_whose_button_went_away_is_acknowledged(play: Play) -> None:
    play.control("notice.startex_control")
    sent = play.inject("I-01", "posko", "00:00:00")
    play.clock.move(20)
    play.world.edit(sent, text=sent.text, markup=None)
    assert play.course.counters()["acknowledged"] == 1
    assert play.course.deliveries["I-01"]["posko"].acknowledged_at == play.clock.now()


def test_a_second_copy_is_a_repeat(play: Play) -> None:
    play.control("notice.startex_control")
    for _ in range(2):
        play.inject("I-01", "posko", "00:00:00")
    assert play.course.counters()["repeated"] == 1
    assert play.course.counters()["sent"] == 1


def test_what_was_due_long_ago_and_is_nowhere_is_lost_unless_it_depends_or_was_skipped(play: Play) -> None:
    play.control("notice.startex_control")
    play.inject("I-01", "posko", "00:00:00")
    play.clock.move(60)
    assert play.course.lost(play.clock.now()) == []
    play.clock.move(100)
    assert play.course.lost(play.clock.now()) == [("I-01", "dalmas")]
    play.clock.move(600)
    assert play.course.lost(play.clock.now()) == [("I-01", "dalmas"), ("I-02", "posko")]
    play.drill.director.person.say(play.drill.control, "/lewati I-02 tidak perlu")
    assert play.course.lost(play.clock.now()) == [("I-01", "dalmas")]


def test_the_exercise_clock_stands_still_in_a_pause_and_in_a_real_emergency(play: Play) -> None:
    play.control("notice.startex_control")
    play.clock.move(60)
    play.control("notice.pausex_control")
    play.clock.move(600)
    play.control("notice.resumex_control")
    play.clock.move(30)
    assert play.course.elapsed(play.clock.now()) == timedelta(seconds=90)
    play.world.post(play.drill.control, play.bot.user, text=f"NYATA\nApa saja\n{say('id', 'realworld.stopped')}")
    play.clock.move(600)
    assert play.course.state is State.STANDING
    assert play.course.elapsed(play.clock.now()) == timedelta(seconds=90)


def test_a_second_exercise_begins_anew(play: Play) -> None:
    play.control("notice.startex_control")
    play.inject("I-01", "posko", "00:00:00")
    play.clock.move(60)
    play.control("notice.endex_control")
    play.clock.move(60)
    play.inject("I-01", "posko", "00:00:00")
    play.control("notice.startex_control")
    assert play.course.counters() == {"sent": 1, "repeated": 0, "asked": 1, "acknowledged": 0}
    assert play.course.elapsed(play.clock.now()) == timedelta()


def test_a_unit_whose_group_became_a_supergroup_is_still_that_unit(play: Play) -> None:
    play.control("notice.startex_control")
    play.drill.leaders["posko"].upgrade_to_supergroup(play.drill.units["posko"])
    play.inject("I-01", "posko", "00:00:00")
    assert list(play.course.deliveries["I-01"]) == ["posko"]
