"""Thinks that run cuts a batch that is not distributed.

Fails: test_what_breaks
"""

what_breaks = {
    "model": "same",
    "batches": "same",
    "loop": "same",
    "mean": "other",
    "plain": "error",
    "reduced": "same",
    "first": "other",
    "count": "other",
}
