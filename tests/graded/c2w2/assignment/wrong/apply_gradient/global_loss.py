"""Uses the loss of the notebook.

Fails: test_apply_gradient_other_objects
"""


def apply_gradient(model, loss, optimizer, x, y):
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        value = loss_object(y, predictions)
    gradients = tape.gradient(value, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return value, predictions
