"""Writes the step out."""


def train_epoch(model, optimizer, batches, loss_mean, accuracy):
    loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for metric in (loss_mean, accuracy):
        metric.reset_state()
    for x, y in batches:
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = loss_object(y, logits)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        loss_mean(loss)
        accuracy(y, logits)
