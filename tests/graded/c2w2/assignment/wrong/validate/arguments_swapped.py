"""Gives the loss the predictions first.

Fails: test_validate_loss
"""


def validate(model, loss_object, batches, metric):
    metric.reset_state()
    total, count = 0.0, 0
    for x, y in batches:
        predictions = model(x, training=False)
        metric.update_state(y, predictions)
        total += float(loss_object(predictions, y)) * len(x)
        count += len(x)
    return total / count
