"""Thinks that every device gets the whole of a distributed batch.

Fails: test_what_breaks
"""

what_breaks = {
    "model": "same",
    "batches": "other",
    "loop": "other",
    "mean": "other",
    "plain": "error",
    "reduced": "other",
    "first": "other",
    "count": "other",
}
