"""Is this machine, or this cluster, ready? Each check says what is wrong and what mends it."""
