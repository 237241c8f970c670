"""Puts new numbers in front.

Fails: test_last_values_memory
"""


class LastValues:
    def __init__(self, size):
        self.box = tf.Variable(tf.zeros((size,)))
        self.used = 0

    def add(self, value):
        self.box.assign(tf.concat([[value], self.box[:-1]], axis=0))
        self.used = min(self.used + 1, self.box.shape[0])

    def values(self):
        return self.box[: self.used]
