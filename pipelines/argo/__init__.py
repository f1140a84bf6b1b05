"""The DAG on Argo Workflows: rendered with Hera, checked without a cluster.

The only package that imports Hera. `template.py` puts the parts together; `lint.py` checks the
result.
"""
