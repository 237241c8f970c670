"""Thinks that run returns one tensor for all.

Fails: test_what_breaks
"""

what_breaks = {
    "model": "same",
    "batches": "same",
    "loop": "other",
    "mean": "other",
    "plain": "same",
    "reduced": "same",
    "first": "same",
    "count": "other",
}
