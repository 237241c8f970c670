"""Thinks that each replica applies its own gradients.

Fails: test_same_or_own_first
"""

same_or_own = {
    "weights": "the same",
    "examples": "its own",
    "loss": "its own",
    "gradients": "its own",
    "applied": "its own",
    "momentum": "the same",
    "dropout": "its own",
    "counts": "its own",
    "learning_rate": "the same",
}
