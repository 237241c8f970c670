"""Returns a Python number and an array."""


def apply_gradient(model, loss_object, optimizer, x, y):
    with tf.GradientTape() as t:
        p = model(x, training=True)
        loss = loss_object(y, p)
    variables = model.trainable_variables
    pairs = [(g, v) for g, v in zip(t.gradient(loss, variables), variables)]
    optimizer.apply_gradients(pairs)
    return float(loss), p.numpy()
