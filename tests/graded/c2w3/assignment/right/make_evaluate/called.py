"""Calls tf.function, and divides by the number of labels."""


def make_evaluate(model, loss, accuracy):
    def evaluate(batches):
        accuracy.reset_state()
        total, count = 0.0, 0.0
        for pictures, labels in batches:
            probabilities = model(pictures, training=False)
            size = tf.cast(tf.shape(labels)[0], tf.float32)
            total += size * loss(labels, probabilities)
            count += size
            accuracy.update_state(labels, probabilities)
        return total / count, accuracy.result()

    return tf.function(evaluate)
