"""Measured figures against their bars: `make bench`, or `python -m tests.bench NAME --json`."""
