"""Thinks that dropout draws one mask for all replicas.

Fails: test_same_or_own_rest
"""

same_or_own = {
    "weights": "the same",
    "examples": "its own",
    "loss": "its own",
    "gradients": "its own",
    "applied": "the same",
    "momentum": "the same",
    "dropout": "the same",
    "counts": "its own",
    "learning_rate": "the same",
}
