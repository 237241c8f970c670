"""Validates before the epoch.

Fails: test_fit_history
"""


def fit(model, optimizer, train_batches, valid_batches, epochs):
    loss_mean, accuracy = tf.keras.metrics.Mean(), tf.keras.metrics.SparseCategoricalAccuracy()
    history = {"loss": [], "accuracy": [], "val_accuracy": []}
    for _ in range(epochs):
        val_accuracy = evaluate(model, valid_batches)
        train_epoch(model, optimizer, train_batches, loss_mean, accuracy)
        history["loss"].append(float(loss_mean.result()))
        history["accuracy"].append(float(accuracy.result()))
        history["val_accuracy"].append(val_accuracy)
    return history
