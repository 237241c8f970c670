"""Appends to Python lists in a loop of the graph.

Fails: test_make_train_history, test_make_train_graph, test_make_train_other_runs
"""


def make_train(train_step, evaluate, accuracy):
    @tf.function
    def train(train_batches, test_batches, epochs):
        losses, accuracies, test_accuracies = [], [], []
        for epoch in tf.range(epochs):
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
