"""Answers some of the rows only.

Fails: test_same_or_own_rest
"""

same_or_own = {
    "weights": "the same",
    "examples": "its own",
    "loss": "its own",
    "gradients": "its own",
    "applied": "the same",
}
