"""Returns a named tuple, made by a helper function."""

from typing import NamedTuple


class Step(NamedTuple):
    loss: tf.Tensor
    predictions: tf.Tensor


def loss_and_predictions(model, loss_object, x, y):
    predictions = model(x, training=True)
    return Step(loss_object(y, predictions), predictions)


def apply_gradient(model, loss_object, optimizer, x, y):
    with tf.GradientTape() as tape:
        step = loss_and_predictions(model, loss_object, x, y)
    gradients = tape.gradient(step.loss, model.trainable_variables, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    optimizer.apply(gradients, model.trainable_variables)
    return step
