"""Views of one pass: its crops, its characters."""
