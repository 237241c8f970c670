"""Sets back the weights of the last layer only.

Fails: test_train_with_patience_weights, test_train_with_patience_other_losses
"""


def train_with_patience(model, run_epoch, max_epochs, patience):
    losses, best, bad = [], float("inf"), 0
    for epoch in range(max_epochs):
        loss = run_epoch()
        losses.append(loss)
        if loss < best:
            best, bad = loss, 0
            weights = model.layers[-1].get_weights()
        else:
            bad += 1
            if bad >= patience:
                break
    model.layers[-1].set_weights(weights)
    return losses
