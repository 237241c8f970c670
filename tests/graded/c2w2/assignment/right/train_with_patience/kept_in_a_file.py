"""Keeps the best weights in a file."""

import os
import tempfile


def train_with_patience(model, run_epoch, max_epochs, patience):
    path = os.path.join(tempfile.mkdtemp(), "best.weights.h5")
    losses, best_epoch = [], 0
    for epoch in range(max_epochs):
        losses.append(run_epoch())
        if losses[-1] < losses[best_epoch] or epoch == 0:
            best_epoch = epoch
            model.save_weights(path)
        if epoch - best_epoch >= patience:
            break
    model.load_weights(path)
    return losses
