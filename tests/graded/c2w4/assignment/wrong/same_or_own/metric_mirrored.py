"""Takes a metric for mirrored while it counts.

Fails: test_same_or_own_rest
"""

same_or_own = {
    "weights": "the same",
    "examples": "its own",
    "loss": "its own",
    "gradients": "its own",
    "applied": "the same",
    "momentum": "the same",
    "dropout": "its own",
    "counts": "the same",
    "learning_rate": "the same",
}
