"""Gives the empty places too.

Fails: test_last_values_memory
"""


class LastValues:
    def __init__(self, size):
        self.box = tf.Variable(tf.zeros((size,)))

    def add(self, value):
        self.box.assign(tf.concat([self.box[1:], [value]], axis=0))

    def values(self):
        return tf.identity(self.box)
