"""Keeps everything, and tells the metrics at the end; returns the results as well."""


def train_epoch(model, optimizer, batches, loss_mean, accuracy):
    seen = [(y, *train_step(model, optimizer, x, y)) for x, y in batches]
    loss_mean.reset_state()
    accuracy.reset_state()
    for y, loss, logits in seen:
        loss_mean.update_state(loss)
        accuracy.update_state(y, logits)
    return float(loss_mean.result()), float(accuracy.result())
