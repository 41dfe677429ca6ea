"""A recorded exercise played back, by its record alone: no bot, no database, nobody who could answer."""
