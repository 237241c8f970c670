"""Thinks that means of shares add up to the mean.

Fails: test_what_breaks
"""

what_breaks = {
    "model": "same",
    "batches": "same",
    "loop": "other",
    "mean": "same",
    "plain": "error",
    "reduced": "same",
    "first": "other",
    "count": "other",
}
