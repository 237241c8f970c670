"""Uses an iterator, and calls the metric as a function."""


def train_one_epoch(model, loss_object, optimizer, batches, metric):
    metric.reset_state()
    losses = []
    iterator = iter(batches)
    while (pair := next(iterator, None)) is not None:
        loss, predictions = apply_gradient(model, loss_object, optimizer, *pair)
        metric(pair[1], predictions)
        losses.append(float(loss))
    return losses
