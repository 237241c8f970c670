"""Makes graphs of the step and of the evaluation, and loops in Python.

Fails: test_make_train_graph
"""


def make_train(train_step, evaluate, accuracy):
    train_step, evaluate = tf.function(train_step), tf.function(evaluate)

    def train(train_batches, test_batches, epochs):
        results = [], [], []
        for _ in range(epochs):
            accuracy.reset_state()
            total, count = 0.0, 0.0
            for pictures, labels in train_batches:
                total += train_step(pictures, labels)
                count += 1.0
            _, test_accuracy = evaluate(test_batches)
            for result, value in zip(results, (total / count, accuracy.result(), test_accuracy), strict=True):
                result.append(value)
        names = "loss", "accuracy", "test_accuracy"
        return {name: tf.stack(result) for name, result in zip(names, results, strict=True)}

    return train
