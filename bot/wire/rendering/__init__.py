"""From a message as a value to what Telegram is asked to show."""
