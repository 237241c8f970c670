"""Computes the gradients and leaves them.

Fails: test_apply_gradient_step, test_apply_gradient_other_objects
"""


def apply_gradient(model, loss_object, optimizer, x, y):
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss = loss_object(y, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    return loss, predictions
