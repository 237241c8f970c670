"""Evaluates once for each of the two results.

Fails: test_make_train_history
"""


def make_train(train_step, evaluate, accuracy):
    @tf.function
    def train(train_batches, test_batches, epochs):
        results = [], [], []
        for _ in range(epochs):
            accuracy.reset_state()
            total, count = 0.0, 0.0
            for pictures, labels in train_batches:
                total += train_step(pictures, labels)
                count += 1.0
            test_loss = evaluate(test_batches)[0]
            test_accuracy = evaluate(test_batches)[1]
            for result, value in zip(results, (total / count, accuracy.result(), test_accuracy), strict=True):
                result.append(value)
        names = "loss", "accuracy", "test_accuracy"
        return {name: tf.stack(result) for name, result in zip(names, results, strict=True)}

    return train
