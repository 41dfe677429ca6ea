"""One run of a scenario, pure: values and functions, with no clock, no randomness and no I/O of their own."""
