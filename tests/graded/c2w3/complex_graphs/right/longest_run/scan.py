"""Uses tf.scan."""


@tf.function(input_signature=[tf.TensorSpec((None,), tf.float32)])
def longest_run(x):
    runs = tf.scan(lambda run, up: (run + 1) * up, tf.cast(x > 0.0, tf.int32), tf.constant(0))
    return tf.reduce_max(runs)
