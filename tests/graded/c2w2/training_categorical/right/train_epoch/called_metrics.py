"""Calls the metrics, which updates them too."""


def train_epoch(model, optimizer, batches, loss_mean, accuracy):
    for m in (loss_mean, accuracy):
        m.reset_state()
    for batch in batches:
        loss, logits = train_step(model, optimizer, *batch)
        loss_mean(loss)
        accuracy(batch[1], logits)
