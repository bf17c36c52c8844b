"""Tests of alprviewer.views."""
