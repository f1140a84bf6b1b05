"""Damaged media and documents, made from a seed, through the real steps: `make fuzz`."""
