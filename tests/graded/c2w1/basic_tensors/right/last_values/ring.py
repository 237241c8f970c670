"""Writes round and round, and turns the ring when it reads."""


class LastValues:
    def __init__(self, size):
        self.size, self.count = size, 0
        self.box = tf.Variable([0.0] * size)

    def add(self, value):
        self.box[self.count % self.size].assign(value)
        self.count += 1

    def values(self):
        if self.count <= self.size:
            return self.box[: self.count]
        return tf.roll(self.box, -(self.count % self.size), axis=0)
