"""Keeps a Python list.

Fails: test_last_values_memory
"""


class LastValues:
    def __init__(self, size):
        self.size, self.kept = size, []

    def add(self, value):
        self.kept = [*self.kept, value][-self.size :]

    def values(self):
        return tf.constant(self.kept)
