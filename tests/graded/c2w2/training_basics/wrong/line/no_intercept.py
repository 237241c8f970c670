"""Forgets b.

Fails: test_line_weights, test_line_values
"""


class Line:
    def __init__(self, w, b):
        self.w = tf.Variable(float(w))
        self.b = tf.Variable(float(b))

    def __call__(self, x):
        return self.w * x
