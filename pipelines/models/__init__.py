"""Getting models to where the steps find them: the hub, packages, folders and buckets.

A step never downloads a model. `clipmill models fetch` does, once, and writes down what it got.
"""
