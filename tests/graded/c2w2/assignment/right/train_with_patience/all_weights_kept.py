"""Keeps the weights of every epoch."""


def train_with_patience(model, run_epoch, max_epochs, patience):
    losses, kept = [], []
    while len(losses) < max_epochs:
        losses.append(run_epoch())
        kept.append(model.get_weights())
        if len(losses) - 1 - losses.index(min(losses)) >= patience:
            break
    model.set_weights(kept[int(np.argmin(losses))])
    return losses
