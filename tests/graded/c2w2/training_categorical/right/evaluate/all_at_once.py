"""Collects all and takes one mean."""


def evaluate(model, batches):
    right = [tf.argmax(tf.nn.softmax(model(x, training=False)), axis=-1) == y for x, y in batches]
    return float(tf.reduce_mean(tf.cast(tf.concat(right, axis=0), tf.float32)))
