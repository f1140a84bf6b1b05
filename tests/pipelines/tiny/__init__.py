"""A tiny catalogue of real steps, run by `python -m tests.pipelines.tiny`, to test the executor.

Each step does what its `do` param says, `ok` or something that goes wrong; the artifacts are small
texts. Nothing is imported here: hundreds of processes start with this file.
"""
