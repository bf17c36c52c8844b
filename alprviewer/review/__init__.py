"""What people decided about a capture: the journal, what follows from it, and its ways in and out. No Qt."""
