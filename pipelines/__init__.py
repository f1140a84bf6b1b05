"""The DAG, its executors and the command line."""
