"""Thinks that a second tape replaces the first one.

Fails: test_after_the_record_cases
"""

after_the_record = {"a": "error", "b": 12, "c": 6, "d": 10, "e": 7, "f": "error", "g": "error", "h": 14}
