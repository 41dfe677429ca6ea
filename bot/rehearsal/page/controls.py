"""The exercise bar and the trouble bar: what can be steered from outside the chats."""

from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.rehearsal.stage import FASTEST, SLOWEST, NotHere, Stage
from bot.rehearsal.trouble import Kind

MOST_TROUBLE = 1000


class _Control(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Speed(_Control):
    """How many times as fast as life the world goes."""

    control: Literal["speed"]
    value: float = Field(ge=SLOWEST, le=FASTEST)


class Pause(_Control):
    """Whether the world stands still."""

    control: Literal["pause"]
    on: bool


class Simple(_Control):
    """Something that is just done."""

    control: Literal["begin", "step", "clear", "kill", "start_bot", "kill_and_start"]


class Autoplay(_Control):
    """Who plays by itself, and how; no profile: not at all. No unit: all of them."""

    control: Literal["autoplay"]
    unit: str | None = None
    profile: str | None


class Director(_Control):
    """Whether the director lets the script go on and ends it by itself."""

    control: Literal["director"]
    on: bool


class Bring(_Control):
    """Let so many more calls of the bot go wrong."""

    control: Literal["trouble"]
    kind: Kind
    count: int = Field(default=3, ge=1, le=MOST_TROUBLE)


class Phone(_Control):
    """Whether the phones of a unit's people are off the air."""

    control: Literal["phone"]
    unit: str
    off: bool


Control = Speed | Pause | Simple | Autoplay | Director | Bring | Phone
CONTROL: TypeAdapter[Control] = TypeAdapter(Annotated[Control, Field(discriminator="control")])


async def steer(stage: Stage, control: Control) -> None:
    """Do it.

    Raises:
        NotHere: this rehearsal has nothing of the kind.
    """
    match control:
        case Speed():
            stage.set_speed(control.value)
        case Pause():
            stage.pause(on=control.on)
        case Autoplay():
            if stage.drill is None:
                raise NotHere("no drill here")
            for unit in [control.unit] if control.unit is not None else list(stage.drill.units):
                stage.let_play(unit, control.profile)
        case Director():
            stage.direct(on=control.on)
        case Bring():
            stage.trouble.bring(control.kind, control.count)
        case Phone():
            stage.set_phone(control.unit, off=control.off)
        case Simple():
            await _do(stage, control)
        case _:
            assert_never(control)


async def _do(stage: Stage, control: Simple) -> None:
    match control.control:
        case "begin":
            await stage.begin()
        case "step":
            stage.step()
        case "clear":
            stage.trouble.clear()
        case "kill":
            await stage.kill_bot()
        case "start_bot":
            await stage.start_bot()
        case "kill_and_start":
            await stage.kill_bot()
            await stage.start_bot()
        case _:
            assert_never(control.control)
