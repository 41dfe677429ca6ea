"""Keeping the bot token out of everything that is written down. Pure."""

import re

_IN_ADDRESS = re.compile(r"(/bot)[^/\s'\"]+(?=/)")
_BARE = re.compile(r"(?<![\w-])\d{3,}(?::|%3[Aa])[A-Za-z0-9_-]{20,}")

HIDDEN = "[secret]"
"""What stands in the place of a secret."""


def redact(text: str, *secrets: str) -> str:
    """``text`` without anything that looks like a bot token, and without ``secrets``."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    return _BARE.sub(HIDDEN, _IN_ADDRESS.sub(rf"\g<1>{HIDDEN}", text))
