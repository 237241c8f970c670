"""Resets the accuracy at the end of each epoch, so that the first one begins with what was there.

Fails: test_make_train_history, test_make_train_other_runs
"""


def make_train(train_step, evaluate, accuracy):
    @tf.function
    def train(train_batches, test_batches, epochs):
        results = [], [], []
        for _ in range(epochs):
            total, count = 0.0, 0.0
            for pictures, labels in train_batches:
                total += train_step(pictures, labels)
                count += 1.0
            _, test_accuracy = evaluate(test_batches)
            for result, value in zip(results, (total / count, accuracy.result(), test_accuracy), strict=True):
                result.append(value)
            accuracy.reset_state()
        names = "loss", "accuracy", "test_accuracy"
        return {name: tf.stack(result) for name, result in zip(names, results, strict=True)}

    return train
