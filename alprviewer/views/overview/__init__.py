"""How the reads of a capture are spread."""
