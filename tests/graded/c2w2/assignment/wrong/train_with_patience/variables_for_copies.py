"""Keeps the Variables, which go on changing.

Fails: test_train_with_patience_weights, test_train_with_patience_other_losses
"""


def train_with_patience(model, run_epoch, max_epochs, patience):
    losses, best, waited = [], None, 0
    weights = model.weights
    while len(losses) < max_epochs and waited < patience:
        loss = run_epoch()
        losses.append(loss)
        if best is None or loss < best:
            best, weights, waited = loss, model.weights, 0
        else:
            waited += 1
    for variable, value in zip(model.weights, weights):
        variable.assign(value)
    return losses
