"""How right the reads of a capture are: figures, each of which opens the reads behind it."""
