"""Keeps tensors, which nothing can change.

Fails: test_line_weights, test_line_values
"""


class Line:
    def __init__(self, w, b):
        self.w = tf.constant(float(w))
        self.b = tf.constant(float(b))

    def __call__(self, x):
        return self.w * x + self.b
