"""`python -m bot` is `geladi`."""

from bot.cli import main

main()
