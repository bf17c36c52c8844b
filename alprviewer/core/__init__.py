"""Pure functions over values and arrays: no Qt, no input or output, no threads, no clock."""
