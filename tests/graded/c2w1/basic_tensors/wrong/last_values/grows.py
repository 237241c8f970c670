"""Tries to let the box grow.

Fails: test_last_values_memory
"""


class LastValues:
    def __init__(self, size):
        self.box = tf.Variable(tf.zeros((0,)))
        self.size = size

    def add(self, value):
        self.box.assign(tf.concat([self.box, [value]], axis=0)[-self.size :])

    def values(self):
        return tf.identity(self.box)
