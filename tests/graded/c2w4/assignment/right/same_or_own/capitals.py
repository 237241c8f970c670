"""Capital letters."""

same_or_own = {
    "weights": "The same",
    "examples": "Its own",
    "loss": "Its own",
    "gradients": "Its own",
    "applied": "The same",
    "momentum": "The same",
    "dropout": "Its own",
    "counts": "Its own",
    "learning_rate": "The same",
}
