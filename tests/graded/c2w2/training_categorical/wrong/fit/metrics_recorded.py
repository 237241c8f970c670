"""Records the metrics themselves.

Fails: test_fit_history
"""


def fit(model, optimizer, train_batches, valid_batches, epochs):
    loss_mean, accuracy = tf.keras.metrics.Mean(), tf.keras.metrics.SparseCategoricalAccuracy()
    history = {"loss": [], "accuracy": [], "val_accuracy": []}
    for _ in range(epochs):
        train_epoch(model, optimizer, train_batches, loss_mean, accuracy)
        history["loss"].append(loss_mean)
        history["accuracy"].append(accuracy)
        history["val_accuracy"].append(evaluate(model, valid_batches))
    return history
