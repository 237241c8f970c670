"""Stops one epoch too early.

Fails: test_train_with_patience_stops, test_train_with_patience_weights, test_train_with_patience_other_losses
"""


def train_with_patience(model, run_epoch, max_epochs, patience):
    losses, best, waited = [], None, 0
    weights = model.get_weights()
    while len(losses) < max_epochs and waited < patience - 1:
        loss = run_epoch()
        losses.append(loss)
        if best is None or loss < best:
            best, weights, waited = loss, model.get_weights(), 0
        else:
            waited += 1
    model.set_weights(weights)
    return losses
