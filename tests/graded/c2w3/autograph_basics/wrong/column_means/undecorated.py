"""Leaves it a plain function.

Fails: test_column_means
"""


def column_means(table):
    return tf.reduce_mean(table, axis=0)
