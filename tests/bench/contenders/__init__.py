"""What alprviewer is measured against. Processes of their own; none imports alprviewer."""
