"""Review mode: one item, large, and what can be said of it."""
