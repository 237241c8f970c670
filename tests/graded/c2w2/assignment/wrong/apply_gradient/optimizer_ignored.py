"""Takes the step by hand, with a learning rate of its own.

Fails: test_apply_gradient_step, test_apply_gradient_other_objects
"""


def apply_gradient(model, loss_object, optimizer, x, y):
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss = loss_object(y, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    for variable, gradient in zip(model.trainable_variables, gradients):
        variable.assign_sub(0.01 * gradient)
    return loss, predictions
