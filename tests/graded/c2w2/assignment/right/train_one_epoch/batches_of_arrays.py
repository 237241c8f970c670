"""Takes the batches as numpy arrays, and prints."""


def train_one_epoch(model, loss_object, optimizer, batches, metric):
    """Batches as arrays."""
    result = []
    metric.reset_state()
    for x, y in batches.as_numpy_iterator():
        with tf.GradientTape() as tape:
            predictions = model(x, training=True)
            loss = loss_object(y, predictions)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        metric.update_state(y, predictions)
        result.append(float(loss))
        print("loss", float(loss))
    return result
