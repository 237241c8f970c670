"""Has no signature.

Fails: test_column_means
"""


@tf.function
def column_means(table):
    return tf.reduce_mean(table, axis=0)
