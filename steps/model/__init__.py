"""The documents in which stages meet, and the map of a job. Pure: no I/O, no heavy imports."""
