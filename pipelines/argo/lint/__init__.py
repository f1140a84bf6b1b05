"""Checks of a WorkflowTemplate that need no cluster; `checks.py` runs them all.

They cover the schema and this project's policy. The expression language is left to `argo lint`.
"""
