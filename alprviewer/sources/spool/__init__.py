"""What live sources received, kept as result files. No Qt, no store."""
