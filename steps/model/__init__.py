"""The documents in which stages meet, and the map of a job. Pure: no I/O.

Only `smoothing` and `kernels` import numpy; declarations import neither.
"""
