"""Returns the right predictions with the loss after the step.

Fails: test_apply_gradient_results, test_apply_gradient_other_objects
"""


def apply_gradient(model, loss_object, optimizer, x, y):
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss = loss_object(y, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    loss = loss_object(y, model(x, training=True))
    return loss, predictions
