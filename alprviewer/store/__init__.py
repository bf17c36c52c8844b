"""How reads are kept and found again, on one machine. No Qt, no sources."""
