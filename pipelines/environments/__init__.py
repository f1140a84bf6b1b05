"""Environments: the heavy engines' interpreters, which cannot share one, each from a lock of its own.

`declared` says which there are; `installed` makes, finds and removes them on this machine; `choice`
takes the engine and the interpreter of a step. `locks/` has what each holds, hashes included.
"""
