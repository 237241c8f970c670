"""Looks at the learning rate alone.

Fails: test_learning_rates_words
"""

learning_rates = {
    "a": "converges",
    "b": "zigzags",
    "c": "diverges",
    "d": "converges",
    "e": "diverges",
    "f": "crawls",
}
