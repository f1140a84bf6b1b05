"""Checks of this machine and of a cluster; each says what is wrong and how to fix it."""
