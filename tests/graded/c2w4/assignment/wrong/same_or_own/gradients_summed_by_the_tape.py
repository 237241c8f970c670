"""Thinks that the tape sums the gradients already.

Fails: test_same_or_own_first
"""

same_or_own = {
    "weights": "the same",
    "examples": "its own",
    "loss": "its own",
    "gradients": "the same",
    "applied": "the same",
    "momentum": "the same",
    "dropout": "its own",
    "counts": "its own",
    "learning_rate": "the same",
}
