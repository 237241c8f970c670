"""Thinks that whatever jumps to the other side diverges.

Fails: test_learning_rates_words
"""

learning_rates = {
    "a": "converges",
    "b": "diverges",
    "c": "diverges",
    "d": "crawls",
    "e": "converges",
    "f": "diverges",
}
