"""The command line: `door` runs one command; each module has one `COMMAND` or several `COMMANDS`.

To add a command: write a module with a `COMMAND`, name it in `command.MODULES`, run `make golden`.
"""
