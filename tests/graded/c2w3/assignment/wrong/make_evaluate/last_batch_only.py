"""Keeps the loss of the last batch.

Fails: test_make_evaluate_values, test_make_evaluate_again
"""


def make_evaluate(model, loss, accuracy):
    @tf.function
    def evaluate(batches):
        accuracy.reset_state()
        value = 0.0
        for pictures, labels in batches:
            probabilities = model(pictures, training=False)
            value = loss(labels, probabilities)
            accuracy.update_state(labels, probabilities)
        return value, accuracy.result()

    return evaluate
