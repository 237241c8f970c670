"""Keeps what the accuracy has collected before.

Fails: test_make_evaluate_values, test_make_evaluate_again
"""


def make_evaluate(model, loss, accuracy):
    @tf.function
    def evaluate(batches):
        total, count = 0.0, 0.0
        for pictures, labels in batches:
            probabilities = model(pictures, training=False)
            size = tf.cast(tf.size(labels), tf.float32)
            total += size * loss(labels, probabilities)
            count += size
            accuracy.update_state(labels, probabilities)
        return total / count, accuracy.result()

    return evaluate
