"""Asks a persistent tape inside of the block."""


def apply_gradient(model, loss_object, optimizer, x, y):
    with tf.GradientTape(persistent=True) as tape:
        predictions = model(x, training=True)
        loss = loss_object(y, predictions)
        gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss, predictions
