"""Gives the values of y.

Fails: test_after_the_record_cases
"""

after_the_record = {"a": "error", "b": 18, "c": 9, "d": 25, "e": 12, "f": "error", "g": 39, "h": 25}
