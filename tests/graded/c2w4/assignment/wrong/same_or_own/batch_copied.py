"""Thinks that every replica sees the whole batch.

Fails: test_same_or_own_first
"""

same_or_own = {
    "weights": "the same",
    "examples": "the same",
    "loss": "its own",
    "gradients": "its own",
    "applied": "the same",
    "momentum": "the same",
    "dropout": "its own",
    "counts": "its own",
    "learning_rate": "the same",
}
