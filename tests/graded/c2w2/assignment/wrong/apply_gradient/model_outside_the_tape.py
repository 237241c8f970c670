"""Calls the model before the block.

Fails: test_apply_gradient_step, test_apply_gradient_results, test_apply_gradient_other_objects
"""


def apply_gradient(model, loss_object, optimizer, x, y):
    predictions = model(x, training=True)
    with tf.GradientTape() as tape:
        loss = loss_object(y, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss, predictions
