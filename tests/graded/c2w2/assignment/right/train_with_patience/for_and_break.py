"""A for loop that is left, and infinity as the first best loss."""


def train_with_patience(model, run_epoch, max_epochs, patience):
    history = []
    best_loss, best_epoch, best_weights = float("inf"), -1, None
    for epoch in range(max_epochs):
        history.append(run_epoch())
        if history[-1] < best_loss:
            best_loss, best_epoch = history[-1], epoch
            best_weights = [variable.numpy().copy() for variable in model.weights]
        elif epoch - best_epoch >= patience:
            break
    for variable, value in zip(model.weights, best_weights):
        variable.assign(value)
    return history
