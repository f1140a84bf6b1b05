"""The local executor: the DAG's tasks as subprocesses on this machine, side by side.

`executor.run_dag` walks a Dag; `process.StepProcess` is one running step; `folder` keeps a job
folder to one run at a time; `delivery` says where a job is made and takes it to a bucket.
"""
