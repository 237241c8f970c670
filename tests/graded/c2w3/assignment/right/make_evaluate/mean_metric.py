"""Collects the loss with a metric."""


def make_evaluate(model, loss, accuracy):
    mean = keras.metrics.Mean()

    @tf.function
    def evaluate(batches):
        mean.reset_state()
        accuracy.reset_state()
        for pictures, labels in batches:
            probabilities = model(pictures)
            mean.update_state(loss(labels, probabilities), sample_weight=tf.shape(labels)[0])
            accuracy.update_state(labels, probabilities)
        return mean.result(), accuracy.result()

    return evaluate
