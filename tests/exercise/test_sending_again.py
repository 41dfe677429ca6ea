"""What is tried once more, or all the same."""

from datetime import timedelta

from bot.exercise import delivering, enrolment
from bot.exercise.model import DeliveryState, Timer
from bot.exercise.resending import resend
from bot.exercise.ticking import tick
from tests.builders import DIRECTOR, STARTEX, Play, a_scenario, an_exercise

ASKED = {"id": "I-01", "at": "1m", "to": ["posko"], "text": "Isi", "acknowledge": {"within": "60s"}}


def test_the_time_of_what_is_sent_again_after_a_refusal_runs_out_like_any_other() -> None:
    """By the refusal everything about the inject had been settled."""
    play = Play(an_exercise(a_scenario(injects=[ASKED])), trouble={("I-01", "posko"): "failed"}).startex().to(120)
    at = STARTEX + timedelta(minutes=5)
    play.take(resend(play.exercise, "I-01", "posko", DIRECTOR, at))
    play.take(delivering.sent(play.exercise, "I-01", "posko", at, message_id=9, message_date=at, attempts=1))
    play.to(359)
    assert Timer.SILENT not in play.exercise.injects["I-01"].deliveries["posko"].rung
    play.to(361)
    assert Timer.SILENT in play.exercise.injects["I-01"].deliveries["posko"].rung


def test_an_inject_for_a_unit_that_could_not_be_reached_is_tried_all_the_same() -> None:
    """Word that the bot is back may be lost: only a try tells, and the director hears how it failed."""
    play = Play(an_exercise(a_scenario(injects=[ASKED]))).startex()
    place = play.exercise.seats["posko"].place
    assert place is not None
    play.take(enrolment.unreachable(play.exercise, place.chat_id, "bot was kicked", STARTEX))
    play.take(tick(play.exercise, STARTEX + timedelta(minutes=1), lambda: "r"))
    assert play.exercise.injects["I-01"].deliveries["posko"].state is DeliveryState.PENDING
