"""Writes round and round, and reads from the first place.

Fails: test_last_values_memory
"""


class LastValues:
    def __init__(self, size):
        self.size, self.count = size, 0
        self.box = tf.Variable(tf.zeros((size,)))

    def add(self, value):
        self.box[self.count % self.size].assign(value)
        self.count += 1

    def values(self):
        return self.box[: min(self.count, self.size)]
