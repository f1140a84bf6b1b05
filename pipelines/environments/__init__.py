"""Environments: the heavy engines' interpreters; they cannot share one, so each has its own lock.

`declared` says which there are; `installed` makes, finds and removes them on this machine; `choice`
takes the engine and the interpreter of a step. `locks/` has what each holds, hashes included.
"""
