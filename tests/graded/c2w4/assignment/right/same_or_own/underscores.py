"""Underscores for blanks."""

same_or_own = {
    "weights": "the_same",
    "examples": "its_own",
    "loss": "its_own",
    "gradients": "its_own",
    "applied": "the_same",
    "momentum": "the_same",
    "dropout": "its_own",
    "counts": "its_own",
    "learning_rate": "the_same",
}
