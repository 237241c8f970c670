"""A list of letters."""

loop_order = ["B", "G", "E", "F", "A", "H", "D", "I", "C", "J"]
