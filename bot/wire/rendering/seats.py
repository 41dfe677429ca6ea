"""Units and their seats, for the control room: the list, one unit's card, and the news that a unit has joined. Pure."""

from bot.buttons import ButtonData, Verb
from bot.exercise.model import Exercise
from bot.exercise.people import Place, UnitSeat
from bot.messages import UnitBound, UnitCard, UnitList
from bot.texts.catalogue import say
from bot.wire.rendering.html import Html, bold, escape, fill, joined, one_line, shorten
from bot.wire.rendering.marking import marked
from bot.wire.rendering.paging import page_of
from bot.wire.rendering.rendered import Button, Rendered
from bot.wire.rendering.view import View
from bot.wire.rendering.words import at_clock_time, bound_units, unit_name

_UNITS_ON_A_PAGE = 8
_UNITS_IN_A_ROW = 2
_LONGEST_LABEL = 24
_LONGEST_NAMES = 200


def unit_list(message: UnitList, view: View) -> Rendered:
    """Which unit sits in which chat under whom; on several pages, those that need care come first."""
    exercise, language = view.run, view.language
    bound = str(bound_units(exercise))
    title = fill(language, "units.title", number=str(message.exercise), bound=bound, units=str(len(exercise.seats)))
    seats = list(exercise.seats.values())
    if len(seats) > _UNITS_ON_A_PAGE:
        seats.sort(key=_is_in_order)
    some, turning = page_of(seats, message.page, _UNITS_ON_A_PAGE, exercise.number)
    lines = (bold(title), *(_seat(exercise, seat, language) for seat in some))
    cards = [_card_button(exercise, seat.unit, language) for seat in some]
    rows = [tuple(cards[first : first + _UNITS_IN_A_ROW]) for first in range(0, len(cards), _UNITS_IN_A_ROW)]
    return Rendered(marked(joined(lines), language), (*rows, turning) if turning else tuple(rows))


def unit_card(message: UnitCard, view: View) -> Rendered:
    """One unit: its chat, its leaders and its join code, with the buttons that change them."""
    exercise, language = view.run, view.language
    seat = exercise.seats[message.unit]
    lines = [bold(fill(language, "units.card", number=str(exercise.number))), _seat(exercise, seat, language)]
    buttons: tuple[Button, ...] = ()
    if seat.place is None and not exercise.state.is_over:
        valid = seat.code_expires_at is not None and view.now < seat.code_expires_at
        if valid and seat.code_expires_at is not None:
            lines.append(fill(language, "units.code_until", at=at_clock_time(view, seat.code_expires_at)))
        else:
            lines.append(fill(language, "units.no_code"))
        buttons = (_button(exercise, seat.unit, "code", "units.new_code", language),)
        if valid:
            buttons += (_button(exercise, seat.unit, "withdraw", "units.withdraw", language),)
    elif not exercise.state.is_over:
        buttons = (_button(exercise, seat.unit, "unbind", "units.unbind", language),)
    return Rendered(marked(joined(lines), language), (buttons,) if buttons else ())


def unit_bound(message: UnitBound, view: View) -> Rendered:
    """A unit has taken its seat; undone with one tap as long as it is that seat."""
    exercise, language = view.run, view.language
    seat = exercise.seats[message.unit]
    still = seat.place == Place(message.chat_id, message.thread_id)
    gaps = {
        "unit": unit_name(exercise, message.unit, language),
        "chat": one_line(message.chat),
        "by": one_line(message.by),
        "bound": str(bound_units(exercise)),
        "units": str(len(exercise.seats)),
    }
    lines = [fill(language, "notice.unit_bound", **gaps)]
    lines.append(fill(language, "units.wrong_chat") if still else bold(fill(language, "units.undone")))
    undo = _button(exercise, message.unit, "unbind", "units.undo", language)
    return Rendered(marked(joined(lines), language), ((undo,),) if still and not exercise.state.is_over else ())


def _seat(exercise: Exercise, seat: UnitSeat, language: str) -> Html:
    name = unit_name(exercise, seat.unit, language)
    if seat.place is None:
        return escape(f"⚪ {name}: {say(language, 'units.unbound')}")
    lines = [
        f"🚫 {name}: {say(language, 'units.unreachable')}" if seat.unreachable else f"✅ {name}",
        f"    {one_line(seat.chat_title)}" if seat.chat_title else "",
    ]
    if seat.leaders:
        names = shorten(", ".join(one_line(leader) for leader in seat.leaders.values()), _LONGEST_NAMES)
        lines.append(f"    {say(language, 'units.leaders', leaders=names)}")
    else:
        lines.append(f"    {say(language, 'units.no_leader')}")
    return joined(lines)


def _card_button(exercise: Exercise, unit: str, language: str) -> Button:
    label = shorten(unit_name(exercise, unit, language), _LONGEST_LABEL)
    return Button(label, ButtonData(Verb.SEAT, f"{exercise.number}.{unit}", "card").pack())


def _button(exercise: Exercise, unit: str, choice: str, key: str, language: str) -> Button:
    return Button(say(language, key), ButtonData(Verb.SEAT, f"{exercise.number}.{unit}", choice).pack())


def _is_in_order(seat: UnitSeat) -> bool:
    return seat.place is not None and not seat.unreachable
