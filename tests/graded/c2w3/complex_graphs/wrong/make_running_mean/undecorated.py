"""Leaves the work to Python.

Fails: test_make_running_mean
"""


def make_running_mean():
    values = []

    def running_mean(value):
        values.append(value)
        return tf.reduce_mean(values)

    return running_mean
