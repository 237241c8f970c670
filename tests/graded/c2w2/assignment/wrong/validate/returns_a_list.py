"""Returns the losses of all batches.

Fails: test_validate_loss, test_validate_other_objects
"""


def validate(model, loss_object, batches, metric):
    metric.reset_state()
    losses = []
    for x, y in batches:
        predictions = model(x, training=False)
        metric.update_state(y, predictions)
        losses.append(float(loss_object(y, predictions)))
    return losses
