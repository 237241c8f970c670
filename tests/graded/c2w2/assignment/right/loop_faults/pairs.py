"""A dict made of pairs."""

words = ["error", "no_change", "fine", "wrong_report", "wrong_steps"]
loop_faults = dict(zip("abcdefghij", [words[place] for place in (0, 1, 2, 3, 4, 2, 4, 3, 4, 0)], strict=True))
