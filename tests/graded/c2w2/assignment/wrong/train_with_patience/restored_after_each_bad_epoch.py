"""Sets the model back after every bad epoch, so that training begins there again.

Fails: test_train_with_patience_weights, test_train_with_patience_other_losses
"""


def train_with_patience(model, run_epoch, max_epochs, patience):
    losses, best, bad = [], float("inf"), 0
    for epoch in range(max_epochs):
        loss = run_epoch()
        losses.append(loss)
        if loss < best:
            best, bad = loss, 0
            weights = model.get_weights()
        else:
            bad += 1
            model.set_weights(weights)
            if bad >= patience:
                break
    model.set_weights(weights)
    return losses
