"""Forgets the 2 of the slope.

Fails: test_learning_rates_words
"""

learning_rates = {
    "a": "converges",
    "b": "converges",
    "c": "zigzags",
    "d": "crawls",
    "e": "converges",
    "f": "zigzags",
}
