"""Makes a new Variable for each number.

Fails: test_last_values_memory
"""


class LastValues:
    def __init__(self, size):
        self.size, self.box = size, tf.Variable(tf.zeros((size,)))
        self.used = 0

    def add(self, value):
        kept = tf.concat([self.values(), [value]], axis=0)[-self.size :]
        self.used = kept.shape[0]
        self.box = tf.Variable(kept)

    def values(self):
        return self.box[: self.used]
