"""The documents in which stages meet, and the map of a job. Pure: no I/O.

Only `smoothing` imports numpy; declarations do not import it.
"""
