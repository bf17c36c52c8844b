"""Sends a capture to a live endpoint, as an agent would. No Qt, no store."""
