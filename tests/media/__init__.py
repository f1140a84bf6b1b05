"""Films made by recipe, with known truth: see README.md."""
