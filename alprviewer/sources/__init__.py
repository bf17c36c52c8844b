"""Where bytes come from. No Qt, no store."""
