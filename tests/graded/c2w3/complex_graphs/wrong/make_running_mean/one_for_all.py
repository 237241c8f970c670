"""Shares the Variables among all.

Fails: test_make_running_mean
"""

total, count = tf.Variable(0.0), tf.Variable(0.0)


def make_running_mean():
    @tf.function
    def running_mean(value):
        return total.assign_add(value) / count.assign_add(1.0)

    return running_mean
