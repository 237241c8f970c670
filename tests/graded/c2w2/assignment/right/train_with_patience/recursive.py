"""Goes on by calling itself."""


def train_with_patience(model, run_epoch, max_epochs, patience):
    def go_on(losses, best, weights, left):
        if len(losses) == max_epochs or left == 0:
            model.set_weights(weights)
            return losses
        loss = run_epoch()
        if loss < best:
            return go_on([*losses, loss], loss, model.get_weights(), patience)
        return go_on([*losses, loss], best, weights, left - 1)

    return go_on([], np.inf, model.get_weights(), patience)
