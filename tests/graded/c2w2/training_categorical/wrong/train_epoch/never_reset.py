"""Never resets the metrics.

Fails: test_train_epoch_metrics
"""


def train_epoch(model, optimizer, batches, loss_mean, accuracy):
    for x, y in batches:
        loss, logits = train_step(model, optimizer, x, y)
        loss_mean.update_state(loss)
        accuracy.update_state(y, logits)
