"""Tests of alprviewer.models."""
