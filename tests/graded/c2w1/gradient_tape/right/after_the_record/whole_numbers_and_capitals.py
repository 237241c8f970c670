"""Writes whole numbers and capital letters."""

after_the_record = {"a": "Error", "b": 12, "c": 6, "d": 10, "e": 7, "f": "ERROR", "g": 16, "h": np.float32(14)}
