"""Leaves half of it out.

Fails: test_what_breaks
"""

what_breaks = {
    "model": "same",
    "batches": "same",
    "loop": "other",
    "mean": "other",
}
