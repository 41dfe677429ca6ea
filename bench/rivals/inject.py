"""What the rivals broadcast: one text to a thousand chats, so many requests at the same time."""

CHATS = range(-1000, -2000, -1)
CONCURRENTLY = 64
TEXT = (
    "EXERCISE EXERCISE EXERCISE\nC-1 · T+00:00:01 · Control\n\nPress.\n\n"
    "Acknowledge within 10 h.\nEXERCISE EXERCISE EXERCISE"
)
