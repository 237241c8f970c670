"""Takes a place that holds 0 for an empty one.

Fails: test_last_values_memory
"""


class LastValues:
    def __init__(self, size):
        self.box = tf.Variable(tf.zeros(size))

    def add(self, value):
        self.box.assign(tf.concat([self.box[1:], [value]], 0))

    def values(self):
        return self.box[self.box != 0]
