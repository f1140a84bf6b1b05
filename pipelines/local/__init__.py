"""The local executor: the DAG's tasks as subprocesses on this machine, side by side.

`executor.run_dag` walks a Dag; `process.StepProcess` is one running step; `events.Listener` is told
what happens.
"""
