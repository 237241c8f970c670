"""Watches the variables itself, and converts the inputs."""


def apply_gradient(model, loss_object, optimizer, x, y):
    x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
    variables = model.trainable_variables
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for variable in variables:
            tape.watch(variable.value)
        predictions = model(x, training=True)
        loss = tf.reduce_mean(loss_object(y, predictions))
    pairs = list(zip(tape.gradient(loss, [variable.value for variable in variables]), variables))
    optimizer.apply_gradients(pairs)
    return [loss, predictions]
