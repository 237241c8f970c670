"""Returns the results of the last epoch.

Fails: test_make_train_history, test_make_train_other_runs
"""


def make_train(train_step, evaluate, accuracy):
    @tf.function
    def train(train_batches, test_batches, epochs):
        loss, test_accuracy = 0.0, 0.0
        for _ in tf.range(epochs):
            accuracy.reset_state()
            total, count = 0.0, 0.0
            for pictures, labels in train_batches:
                total += train_step(pictures, labels)
                count += 1.0
            loss = total / count
            _, test_accuracy = evaluate(test_batches)
        return {"loss": loss, "accuracy": accuracy.result(), "test_accuracy": test_accuracy}

    return train
