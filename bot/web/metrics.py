"""Counting what happens, for Prometheus: fed by what is committed, attempted and handled."""

import math
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.exercise.facts import Fact, FactKind
from bot.exercise.figures import latency
from bot.exercise.model import Exercise
from bot.store.transaction import Transaction
from bot.web.vitals import Vitals
from bot.wire.attempts import Outcome
from bot.wire.failures import FailureKind
from bot.wire.queue import Pick

_SHORT: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_LATE: Final = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_ANSWERS: Final = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0)
_BATCH: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """The figures of one process, in a registry of their own. Seconds throughout."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        registry = self.registry
        self._attempts = Counter(
            "geladi_attempts", "Sends and edits, by how they ended", ["action", "outcome"], registry=registry
        )
        for action in ("send", "edit"):
            for outcome in ("done", "dropped", *map(_name, FailureKind)):
                # There from the start: of a count that begins with its first nobody learns that it has grown.
                self._attempts.labels(action, outcome)
        self._repeats = Counter("geladi_retries", "Sends that were not the first of their message", registry=registry)
        self._facts = Counter("geladi_facts", "Lines of the exercises' logs", ["kind"], registry=registry)
        self._lateness = Histogram(
            "geladi_inject_lateness_seconds",
            "Exercise time from when an inject was due to when Telegram had it",
            buckets=_LATE,
            registry=registry,
        )
        self._acknowledgement = Histogram(
            "geladi_acknowledgement_seconds",
            "Exercise time from sending to acknowledgement",
            buckets=_ANSWERS,
            registry=registry,
        )
        self._press = Histogram(
            "geladi_press_answer_seconds",
            "From the arrival of a button press to its answer",
            buckets=_SHORT,
            registry=registry,
        )
        self._quarantined = Counter("geladi_updates_quarantined", "Updates that were put aside", registry=registry)
        self._batch = Histogram(
            "geladi_writer_batch_size", "Use cases in one commit", buckets=_BATCH, registry=registry
        )
        self._outbox_length = Gauge(
            "geladi_outbox_length", "Messages and edits that wait or are under way", registry=registry
        )
        self._outbox_age = Gauge(
            "geladi_outbox_oldest_seconds", "Age of the oldest undelivered message", registry=registry
        )
        self._inbox_length = Gauge("geladi_inbox_length", "Updates that wait or are being handled", registry=registry)
        self._updates_age = Gauge(
            "geladi_updates_last_good_seconds",
            "Since Telegram's last good answer about updates; not a number where this process asks for none",
            registry=registry,
        )
        self._updates_trouble = Gauge("geladi_updates_trouble", "1 while no updates come", registry=registry)
        self._sending_trouble = Gauge("geladi_sending_trouble", "1 while nothing reaches Telegram", registry=registry)
        self._leads = Gauge("geladi_leading", "1 on the process that polls and sends", registry=registry)
        self._database = Gauge("geladi_database_reachable", "1 while the database answers", registry=registry)

    def heard(self, transaction: Transaction) -> None:
        """Count what a transaction has committed."""
        for exercise, fact in transaction.facts:
            self._facts.labels(fact.kind.value).inc()
            if fact.inject and fact.unit and fact.kind in {FactKind.SENT, FactKind.ACKNOWLEDGED}:
                self._measure(exercise, fact, fact.inject, fact.unit)

    def attempted(self, pick: Pick, outcome: Outcome) -> None:
        """Count an attempt of the outbox."""
        action = "edit" if pick.edit else "send"
        self._attempts.labels(action, _outcome(outcome)).inc()
        if not pick.edit and pick.row.attempts:
            self._repeats.inc()

    def pressed(self, seconds: float) -> None:
        """A press was answered after so long."""
        self._press.observe(seconds)

    def put_aside(self, *_: object) -> None:
        """An update could not be handled."""
        self._quarantined.inc()

    def committed(self, use_cases: int) -> None:
        """A commit held so many use cases."""
        self._batch.observe(use_cases)

    async def exposition(self, vitals: Vitals) -> bytes:
        """Everything as Prometheus reads it, the present state included."""
        now = vitals.clock.now()
        self._leads.set(vitals.leadership.leads)
        self._inbox_length.set(len(vitals.inbox) if vitals.inbox else 0)
        self._outbox_length.set(len(vitals.outbox) if vitals.outbox else 0)
        self._sending_trouble.set(bool(vitals.outbox and vitals.outbox.trouble))
        self._updates_trouble.set(bool(vitals.intake and vitals.intake.trouble))
        self._updates_age.set(_seconds_unheard(vitals, now))
        try:
            oldest = await vitals.oldest_undelivered()
        except Exception:  # noqa: BLE001 - the other figures are wanted all the more then
            self._database.set(0)
        else:
            self._database.set(1)
            self._outbox_age.set((now - oldest).total_seconds() if oldest else 0)
        return generate_latest(self.registry)

    def _measure(self, exercise: Exercise, fact: Fact, inject: str, unit: str) -> None:
        delivery = exercise.injects[inject].deliveries[unit]
        if fact.kind is FactKind.SENT:
            self._lateness.observe(max(exercise.clock.between(delivery.due_at, fact.at).total_seconds(), 0.0))
            return
        taken = latency(delivery, exercise)
        if taken is not None:
            self._acknowledgement.observe(taken.total_seconds())


def _seconds_unheard(vitals: Vitals, now: datetime) -> float:
    """Since the last good answer; no number where there was none, or where others hear instead."""
    intake = vitals.intake
    if intake is None or intake.last_good_at is None or not (vitals.leadership.leads or intake.brought):
        return math.nan
    return (now - intake.last_good_at).total_seconds()


def _outcome(outcome: Outcome) -> str:
    failure = outcome.failure
    if failure is None:
        return "done" if outcome.reached else "dropped"
    return _name(failure.kind)


def _name(kind: FailureKind) -> str:
    """What a failure is called in the figures."""
    return "uncertain" if kind is FailureKind.MAYBE_SENT else kind.value
