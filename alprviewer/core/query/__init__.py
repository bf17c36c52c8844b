"""The query language: text to a typed tree and back. What a tree selects is decided in ``store``."""
