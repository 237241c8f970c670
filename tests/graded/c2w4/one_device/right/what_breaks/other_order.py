"""Answers in another order."""

what_breaks = {
    "count": "other",
    "first": "other",
    "reduced": "same",
    "plain": "error",
    "mean": "other",
    "loop": "other",
    "batches": "same",
    "model": "same",
}
