"""Putting it together: actions, window, preferences, start. Holds no logic of its own."""
