"""Thinks that each replica learns weights of its own.

Fails: test_same_or_own_first
"""

same_or_own = {
    "weights": "its own",
    "examples": "its own",
    "loss": "its own",
    "gradients": "its own",
    "applied": "the same",
    "momentum": "the same",
    "dropout": "its own",
    "counts": "its own",
    "learning_rate": "the same",
}
