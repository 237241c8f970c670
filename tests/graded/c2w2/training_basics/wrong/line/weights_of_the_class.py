"""Shares its weights with all lines.

Fails: test_line_values
"""


class Line:
    w = tf.Variable(0.0)
    b = tf.Variable(0.0)

    def __init__(self, w, b):
        self.w.assign(w)
        self.b.assign(b)

    def __call__(self, x):
        return self.w * x + self.b
