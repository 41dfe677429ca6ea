"""The script of an exercise: what a scenario is, and reading and writing it. Pure."""
