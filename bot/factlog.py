"""A line in the process's log for each line of an exercise's: who reads logs can follow what goes on."""

import structlog

from bot.store.transaction import Transaction

log = structlog.get_logger(__name__)


def log_facts(transaction: Transaction) -> None:
    """Log what a transaction has committed: kinds and ids alone, for names and words belong to the record."""
    for exercise, fact in transaction.facts:
        log.info(
            "fact",
            kind=fact.kind.value,
            exercise=exercise.number,
            inject=fact.inject,
            unit=fact.unit,
            at=fact.at.isoformat(),
            exercise_seconds=round(exercise.clock.elapsed(fact.at).total_seconds(), 3),
        )
