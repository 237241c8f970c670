"""Makes a graph of an epoch and loops over the epochs in Python.

Fails: test_make_train_graph
"""


def make_train(train_step, evaluate, accuracy):
    @tf.function
    def train_only(train_batches):
        accuracy.reset_state()
        total, count = 0.0, 0.0
        for pictures, labels in train_batches:
            total += train_step(pictures, labels)
            count += 1.0
        return total / count

    def one_epoch(train_batches, test_batches):
        loss = train_only(train_batches)
        return loss, evaluate(test_batches)[1]

    def train(train_batches, test_batches, epochs):
        losses, accuracies, test_accuracies = [], [], []
        for _ in range(epochs):
            loss, test_accuracy = one_epoch(train_batches, test_batches)
            losses.append(loss)
            accuracies.append(accuracy.result())
            test_accuracies.append(test_accuracy)
        return {"loss": tf.stack(losses), "accuracy": tf.stack(accuracies), "test_accuracy": tf.stack(test_accuracies)}

    return train
