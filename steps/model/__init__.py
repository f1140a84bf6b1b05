"""The documents in which stages meet, and the artifacts of a job. Pure: no I/O, no heavy imports."""
