"""Sources joined with the store: what a script or a window holds. No Qt."""
