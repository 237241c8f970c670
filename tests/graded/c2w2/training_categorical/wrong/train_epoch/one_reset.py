"""Resets one of the two.

Fails: test_train_epoch_metrics
"""


def train_epoch(model, optimizer, batches, loss_mean, accuracy):
    loss_mean.reset_state()
    for x, y in batches:
        loss, logits = train_step(model, optimizer, x, y)
        loss_mean.update_state(loss)
        accuracy.update_state(y, logits)
