"""Thinks that nothing ever diverges.

Fails: test_learning_rates_words
"""

learning_rates = {
    "a": "converges",
    "b": "zigzags",
    "c": "zigzags",
    "d": "crawls",
    "e": "converges",
    "f": "zigzags",
}
