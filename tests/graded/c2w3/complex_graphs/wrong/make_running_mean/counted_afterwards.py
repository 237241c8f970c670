"""Counts after it has divided.

Fails: test_make_running_mean
"""


def make_running_mean():
    total, count = tf.Variable(0.0), tf.Variable(1e-9)

    @tf.function
    def running_mean(value):
        mean = total.assign_add(value) / count
        count.assign_add(1.0)
        return mean

    return running_mean
