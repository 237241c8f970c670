"""Remembers in a list, and fills a Variable for show.

Fails: test_last_values_memory
"""


class LastValues:
    def __init__(self, size):
        self.size = size
        self.l = []
        self.v = tf.Variable(tf.zeros(size))

    def add(self, value):
        self.l = (self.l + [value])[-self.size :]
        self.v.assign(tf.pad(self.l, [[0, self.size - len(self.l)]]))

    def values(self):
        return tf.constant(self.l)
