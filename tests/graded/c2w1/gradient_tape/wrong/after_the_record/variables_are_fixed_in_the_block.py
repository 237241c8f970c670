"""Thinks that a Variable cannot change within the block.

Fails: test_after_the_record_cases
"""

after_the_record = {"a": "error", "b": 12, "c": 6, "d": 6, "e": 7, "f": "error", "g": 16, "h": 14}
