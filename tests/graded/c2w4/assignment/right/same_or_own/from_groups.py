"""Built from two groups."""

mirrored_on_all = ["weights", "applied", "momentum", "learning_rate"]
different = ["examples", "loss", "gradients", "dropout", "counts"]
same_or_own = dict.fromkeys(mirrored_on_all, "the same") | dict.fromkeys(different, "its own")
