"""Unrolls the epochs with Python's range."""


def make_train(train_step, evaluate, accuracy):
    @tf.function
    def train(train_batches, test_batches, epochs):
        losses, accuracies, test_accuracies = [], [], []
        for epoch in range(epochs):
            accuracy.reset_state()
            total, count = 0.0, 0.0
            for pictures, labels in train_batches:
                total += train_step(pictures, labels)
                count += 1.0
            losses.append(total / count)
            accuracies.append(accuracy.result())
            test_accuracies.append(evaluate(test_batches)[1])
        return {"loss": tf.stack(losses), "accuracy": tf.stack(accuracies), "test_accuracy": tf.stack(test_accuracies)}

    return train
