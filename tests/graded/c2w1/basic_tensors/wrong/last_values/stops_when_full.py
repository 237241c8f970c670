"""Forgets the new numbers and not the old ones.

Fails: test_last_values_memory
"""


class LastValues:
    def __init__(self, size):
        self.box = tf.Variable(tf.zeros((size,)))
        self.used = 0

    def add(self, value):
        if self.used < self.box.shape[0]:
            self.box[self.used].assign(value)
            self.used += 1

    def values(self):
        return self.box[: self.used]
