"""Learns from the validation data, without Dropout.

Fails: test_validate_loss, test_validate_changes_nothing, test_validate_metric, test_validate_other_objects
"""


def validate(model, loss_object, batches, metric):
    metric.reset_state()
    total, count = 0.0, 0
    for x, y in batches:
        with tf.GradientTape() as tape:
            predictions = model(x, training=False)
            loss = loss_object(y, predictions)
        for variable, gradient in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables)):
            variable.assign_sub(0.01 * gradient)
        metric.update_state(y, predictions)
        total += float(loss) * len(x)
        count += len(x)
    return total / count
