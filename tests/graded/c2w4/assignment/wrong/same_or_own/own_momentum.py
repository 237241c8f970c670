"""Thinks that the memory of the optimizer is not mirrored.

Fails: test_same_or_own_rest
"""

same_or_own = {
    "weights": "the same",
    "examples": "its own",
    "loss": "its own",
    "gradients": "its own",
    "applied": "the same",
    "momentum": "its own",
    "dropout": "its own",
    "counts": "its own",
    "learning_rate": "the same",
}
