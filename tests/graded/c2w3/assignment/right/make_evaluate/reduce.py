"""Lets the data set reduce itself."""


def make_evaluate(model, loss, accuracy):
    @tf.function
    def evaluate(batches):
        def add(state, batch):
            pictures, labels = batch
            probabilities = model(pictures, training=False)
            size = tf.cast(tf.size(labels), tf.float32)
            right = tf.cast(tf.argmax(probabilities, axis=1) == labels, tf.float32)
            new = tf.stack([size * loss(labels, probabilities), tf.reduce_sum(right), size])
            return state + new

        total = batches.reduce(tf.zeros(3), add)
        return total[0] / total[2], total[1] / total[2]

    return evaluate
