"""Small deliberate faults, each of which must turn a test red: `make mutants`."""
