"""The command line: one module per command, each with a `COMMAND`.

To add a command: write a module with a `COMMAND`, name it in `registry.py`, run `make golden`.
"""
