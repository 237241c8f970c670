"""Collects and returns the losses in an array."""


def train_with_patience(model, run_epoch, max_epochs, patience):
    losses = np.array([])
    keep = {}
    for epoch in range(max_epochs):
        losses = np.append(losses, run_epoch())
        keep[epoch] = model.get_weights()
        if epoch - np.argmin(losses) >= patience:
            break
    model.set_weights(keep[np.argmin(losses)])
    return losses
