"""What the rivals broadcast: one text with a button to a thousand chats, so many requests at the same time."""

CHATS = range(-1000, -2000, -1)
CONCURRENTLY = 64
TEXT = (
    "<b>EXERCISE EXERCISE EXERCISE</b>\nC-1 · T+00:00:01\n\nPress.\n\n"
    "Acknowledge within 10 h.\n<b>EXERCISE EXERCISE EXERCISE</b>"
)
BUTTON, DATA = "Acknowledge", "a:0123456789ab:"
