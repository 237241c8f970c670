"""Uses range and an open shape."""


@tf.function(input_signature=(tf.TensorSpec([None]),))
def longest_run(x):
    longest, current = tf.constant(0), tf.constant(0)
    for i in tf.range(tf.shape(x)[0]):
        current = tf.where(x[i] > 0.0, current + 1, 0)
        if current > longest:
            longest = current
    return longest
