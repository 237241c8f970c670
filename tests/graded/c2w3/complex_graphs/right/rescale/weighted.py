"""Mixes low and high."""


@tf.function(input_signature=[tf.TensorSpec((None,)), tf.TensorSpec(()), tf.TensorSpec(())])
def rescale(x, low, high):
    share = (x - tf.reduce_min(x)) / (tf.reduce_max(x) - tf.reduce_min(x))
    return (1.0 - share) * low + share * high
