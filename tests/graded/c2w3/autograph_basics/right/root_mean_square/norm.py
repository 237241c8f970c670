"""Uses the norm."""


@tf.function
def root_mean_square(x):
    return tf.norm(x) / tf.sqrt(tf.cast(tf.size(x), x.dtype))
