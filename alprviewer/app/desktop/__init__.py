"""What the program and the desktop around it have to tell each other."""
