"""Rounds the losses for a nicer report.

Fails: test_train_one_epoch_losses, test_train_one_epoch_other_objects
"""


def train_one_epoch(model, loss_object, optimizer, batches, metric):
    metric.reset_state()
    losses = []
    for x, y in batches:
        loss, predictions = apply_gradient(model, loss_object, optimizer, x, y)
        metric.update_state(y, predictions)
        losses.append(round(float(loss), 2))
    return losses
