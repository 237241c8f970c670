"""Writes the step out, without apply_gradient."""


def train_one_epoch(model, loss_object, optimizer, batches, metric):
    losses = []
    metric.reset_state()
    for x, y in batches:
        with tf.GradientTape() as tape:
            predictions = model(x, training=True)
            loss = loss_object(y, predictions)
        metric.update_state(y, predictions)
        losses += [loss.numpy().item()]
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return losses
