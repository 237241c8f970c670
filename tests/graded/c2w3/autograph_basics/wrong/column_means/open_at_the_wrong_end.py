"""Leaves the columns open and fixes the rows.

Fails: test_column_means
"""


@tf.function(input_signature=[tf.TensorSpec((3, None), tf.float32)])
def column_means(table):
    return tf.reduce_mean(table, axis=0)
