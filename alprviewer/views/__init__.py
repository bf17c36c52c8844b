"""Widgets, one file a pane. Panes do not know each other; actions and settings are handed to them."""
