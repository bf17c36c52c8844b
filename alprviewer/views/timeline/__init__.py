"""Reads over time, camera by camera."""
