"""Validates with the training data.

Fails: test_fit_history
"""


def fit(model, optimizer, train_batches, valid_batches, epochs):
    loss_mean, accuracy = tf.keras.metrics.Mean(), tf.keras.metrics.SparseCategoricalAccuracy()
    history = {"loss": [], "accuracy": [], "val_accuracy": []}
    for _ in range(epochs):
        train_epoch(model, optimizer, train_batches, loss_mean, accuracy)
        history["loss"].append(float(loss_mean.result()))
        history["accuracy"].append(float(accuracy.result()))
        history["val_accuracy"].append(evaluate(model, train_batches))
    return history
