"""Uses model.weights; all of them are trainable here."""


def apply_gradient(model, loss_object, optimizer, x, y):
    with tf.GradientTape() as tape:
        predictions = model(x, training=True)
        loss = loss_object(y, predictions)
    gradients = tape.gradient(loss, model.weights)
    optimizer.apply(gradients, model.weights)
    return loss, predictions
