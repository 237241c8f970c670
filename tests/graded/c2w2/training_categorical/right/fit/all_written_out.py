"""Writes everything out."""


def fit(model, optimizer, train_batches, valid_batches, epochs):
    history = {"loss": [], "accuracy": [], "val_accuracy": []}
    for _ in range(epochs):
        losses, right, seen = [], 0, 0
        for x, y in train_batches:
            loss, logits = train_step(model, optimizer, x, y)
            losses.append(float(loss))
            right += int(np.sum(np.argmax(logits, axis=1) == y.numpy()))
            seen += len(y)
        history["loss"].append(sum(losses) / len(losses))
        history["accuracy"].append(right / seen)
        found = [np.argmax(model(x, training=False), axis=1) == y.numpy() for x, y in valid_batches]
        history["val_accuracy"].append(float(np.concatenate(found).mean()))
    return history
