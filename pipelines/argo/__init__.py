"""The DAG on Argo Workflows, the only package that imports Hera.

`template.py` renders the WorkflowTemplates, `lint/` checks them without a cluster, `server.py` and
`submission.py` talk to an Argo Server, `state.py` reads the state of a job.
"""
