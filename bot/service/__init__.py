"""Use cases: each is one transaction over the exercise and the store."""
