"""Checks of a WorkflowTemplate that need no cluster; `check.py` runs them all."""
