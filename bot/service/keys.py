"""The keys of messages that are said once and kept current. Pure."""


def gate_key(exercise: int, inject: str) -> str:
    """The key of the question to the director about an inject."""
    return f"gate:{exercise}:{inject}"


def confirmation_key(exercise: int) -> str:
    """The key of the open question whether something is really meant."""
    return f"confirm:{exercise}"


def offer_key(chat_id: int, thread_id: int | None, scenario: str) -> str:
    """The key of the open question whether a scenario that was sent there is to be added."""
    return f"offer:{chat_id}:{thread_id or 0}:{scenario}"


def commcheck_key(exercise: int, round_number: int | None = None, unit: str = "") -> str:
    """The key of the newest result of a test of the line, or of a test's message to a unit."""
    return f"check:{exercise}" if round_number is None else f"check:{exercise}:{round_number}:{unit}"


def script_done_key(exercise: int, reminder: int = 0) -> str:
    """The key of the word that the script is done, or of a reminder of it, counted from 1."""
    return f"script_done:{exercise}:{reminder}" if reminder else f"script_done:{exercise}"


def realworld_key(exercise: int) -> str:
    """The key of the control room's word of a real emergency, with the director's buttons."""
    return f"realworld:{exercise}"


def held_key(exercise: int) -> str:
    """The key of the question to the director about injects that are held."""
    return f"held:{exercise}"


def doubt_key(exercise: int, inject: str, unit: str) -> str:
    """The key of the question to the director about an inject that may not have arrived."""
    return f"doubt:{exercise}:{inject}:{unit}"


def overdue_key(exercise: int, inject: str, lapse: str) -> str:
    """The key of the word that an inject is overdue, and how."""
    return f"overdue:{exercise}:{inject}:{lapse}"


def board_key(exercise: int) -> str:
    """The key of the board that is kept current."""
    return f"board:{exercise}"


def bound_key(exercise: int, unit: str) -> str:
    """The key of the notice to the control room that a unit has taken its seat."""
    return f"bound:{exercise}:{unit}"


def card_key(exercise: int, unit: str) -> str:
    """The key of the card of a unit."""
    return f"card:{exercise}:{unit}"


def summary_key(exercise: int) -> str:
    """The key of the first page of the summary."""
    return f"summary:{exercise}"


def reason_key(exercise: int, inject: str, unit: str, by: int) -> str:
    """The key of the newest question to a leader for the reason of a choice."""
    return f"reason:{exercise}:{inject}:{unit}:{by}"


def hot_wash_key(exercise: int, unit: str = "") -> str:
    """The key of the hot wash's questions to a unit, or of its result in the control room."""
    return f"wash:{exercise}:{unit}" if unit else f"wash:{exercise}"


def hot_wash_prompt_key(exercise: int, unit: str, question: str, by: int) -> str:
    """The key of one question to one person of a unit; ``by`` is 0 where nobody is named."""
    return f"wash:{exercise}:{unit}:{question}:{by}"
