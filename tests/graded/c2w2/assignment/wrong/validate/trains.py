"""Learns from the validation data.

Fails: test_validate_loss, test_validate_changes_nothing, test_validate_metric, test_validate_other_objects
"""


def validate(model, loss_object, batches, metric):
    metric.reset_state()
    total, count = 0.0, 0
    for x, y in batches:
        loss, predictions = apply_gradient(model, loss_object, tf.keras.optimizers.SGD(0.01), x, y)
        metric.update_state(y, predictions)
        total += float(loss) * len(x)
        count += len(x)
    return total / count
