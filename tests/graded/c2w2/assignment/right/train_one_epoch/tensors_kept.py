"""Keeps the losses as tensors."""


def train_one_epoch(model, loss_object, optimizer, batches, metric):
    metric.reset_state()
    losses = []
    for x, y in batches:
        loss, predictions = apply_gradient(model, loss_object, optimizer, x, y)
        metric.update_state(y, predictions)
        losses.append(loss)
    return losses
