"""Live sources on the screen: how they are, and the dialog that connects to one."""
