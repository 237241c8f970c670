"""Makes a graph of the step, for this epoch."""


def train_one_epoch(model, loss_object, optimizer, batches, metric):
    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            predictions = model(x, training=True)
            loss = loss_object(y, predictions)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        metric.update_state(y, predictions)
        return loss

    metric.reset_state()
    return [float(step(x, y)) for x, y in batches]
