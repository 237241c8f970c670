"""Answers three cases.

Fails: test_learning_rates_words
"""

learning_rates = {"a": "converges", "b": "zigzags", "c": "diverges"}
