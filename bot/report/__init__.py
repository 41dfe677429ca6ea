"""What is left of an exercise: its record, its timeline in words, and its chart."""
