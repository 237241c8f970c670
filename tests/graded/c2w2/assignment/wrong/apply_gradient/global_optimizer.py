"""Uses the notebook's optimizer, which knows the notebook's model alone.

Fails: test_apply_gradient_step, test_apply_gradient_results, test_apply_gradient_other_objects
"""

optimizer.build(model.trainable_variables)  # as a training of that model does


def apply_gradient(model, loss_object, _, x, y):
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss = loss_object(y, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss, predictions
