"""Casts the numbers first."""


class Line:
    def __init__(self, w, b):
        self.w = tf.Variable(tf.cast(w, tf.float32))
        self.b = tf.Variable(tf.cast(b, tf.float32))

    def __call__(self, x):
        return self.w * x + self.b
