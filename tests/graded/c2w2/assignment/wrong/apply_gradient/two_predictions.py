"""Calls the model twice: the predictions that it returns are not those of the loss.

Fails: test_apply_gradient_other_objects
"""


def apply_gradient(model, loss_object, optimizer, x, y):
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss = loss_object(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss, predictions
