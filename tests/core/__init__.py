"""Tests of alprviewer.core."""
