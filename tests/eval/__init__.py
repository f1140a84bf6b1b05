"""Measurements on public data that is not in this repository."""
