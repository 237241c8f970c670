"""Trains for three epochs, whatever is asked.

Fails: test_fit_steps, test_fit_history
"""


def fit(model, optimizer, train_batches, valid_batches, epochs):
    history = {"loss": [], "accuracy": [], "val_accuracy": []}
    loss_mean, accuracy = tf.keras.metrics.Mean(), tf.keras.metrics.SparseCategoricalAccuracy()
    valid = tf.keras.metrics.SparseCategoricalAccuracy()
    for _ in range(3):
        loss_mean.reset_state()
        accuracy.reset_state()
        for x, y in train_batches:
            with tf.GradientTape() as tape:
                logits = model(x, training=True)
                loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, logits)
            optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
            loss_mean.update_state(loss)
            accuracy.update_state(y, logits)
        valid.reset_state()
        for x, y in valid_batches:
            valid.update_state(y, model(x, training=False))
        history["loss"].append(float(loss_mean.result()))
        history["accuracy"].append(float(accuracy.result()))
        history["val_accuracy"].append(float(valid.result()))
    return history
