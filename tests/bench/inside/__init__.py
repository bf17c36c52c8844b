"""What runs inside processes of alprviewer itself while they are measured."""
