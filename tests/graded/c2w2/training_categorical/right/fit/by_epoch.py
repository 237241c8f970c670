"""Collects rows, and turns them into columns."""


def fit(model, optimizer, train_batches, valid_batches, epochs):
    rows = []
    for _ in range(epochs):
        loss_mean, accuracy = tf.keras.metrics.Mean(), tf.keras.metrics.SparseCategoricalAccuracy()
        train_epoch(model, optimizer, train_batches, loss_mean, accuracy)
        rows.append([float(loss_mean.result()), float(accuracy.result()), evaluate(model, valid_batches)])
    return {name: [row[place] for row in rows] for place, name in enumerate(("loss", "accuracy", "val_accuracy"))}
