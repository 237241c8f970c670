"""Trains with the test batches.

Fails: test_make_evaluate_values, test_make_evaluate_again
"""


def make_evaluate(model, loss, accuracy):
    @tf.function
    def evaluate(batches):
        accuracy.reset_state()
        total, count = 0.0, 0.0
        for pictures, labels in batches:
            with tf.GradientTape() as tape:
                probabilities = model(pictures, training=False)
                value = loss(labels, probabilities)
            for weight, gradient in zip(model.trainable_variables, tape.gradient(value, model.trainable_variables)):
                weight.assign_sub(0.01 * gradient)
            size = tf.cast(tf.size(labels), tf.float32)
            total += size * value
            count += size
            accuracy.update_state(labels, probabilities)
        return total / count, accuracy.result()

    return evaluate
