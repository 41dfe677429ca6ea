"""Bots that only answer presses, to be measured beside Geladi."""
