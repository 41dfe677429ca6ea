"""From an update to a use case and its reply; one module per kind of person."""
