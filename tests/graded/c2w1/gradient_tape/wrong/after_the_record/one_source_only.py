"""Thinks that two sources need a persistent tape.

Fails: test_after_the_record_cases
"""

after_the_record = {"a": "error", "b": 12, "c": 6, "d": 10, "e": "error", "f": "error", "g": 16, "h": 14}
