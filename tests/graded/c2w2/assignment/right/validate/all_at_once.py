"""Collects all predictions and asks the loss once."""


def validate(model, loss_object, batches, metric):
    metric.reset_state()
    truth, found = [], []
    for x, y in batches:
        truth.append(y)
        found.append(model(x, training=False))
    y, predictions = tf.concat(truth, axis=0), tf.concat(found, axis=0)
    metric.update_state(y, predictions)
    return loss_object(y, predictions).numpy().item()
