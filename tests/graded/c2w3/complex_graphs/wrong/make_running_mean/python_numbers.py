"""Counts in Python.

Fails: test_make_running_mean
"""


def make_running_mean():
    total, count = tf.Variable(0.0), 0

    @tf.function
    def running_mean(value):
        nonlocal count
        count += 1
        return total.assign_add(value) / count

    return running_mean
