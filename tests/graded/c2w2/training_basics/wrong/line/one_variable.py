"""Makes a Variable of w alone.

Fails: test_line_weights, test_line_values
"""


class Line:
    def __init__(self, w, b):
        self.w = tf.Variable(w, dtype=tf.float32)
        self.b = float(b)

    def __call__(self, x):
        return self.w * x + self.b
