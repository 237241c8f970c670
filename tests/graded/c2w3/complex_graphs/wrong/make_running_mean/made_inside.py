"""Makes the Variables in the graph.

Fails: test_make_running_mean
"""


def make_running_mean():
    @tf.function
    def running_mean(value):
        total, count = tf.Variable(0.0), tf.Variable(0.0)
        return total.assign_add(value) / count.assign_add(1.0)

    return running_mean
