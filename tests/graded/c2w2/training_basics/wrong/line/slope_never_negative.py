"""Takes the size of w.

Fails: test_line_weights, test_line_values
"""


class Line:
    def __init__(self, w, b):
        self.w = tf.Variable(w, dtype=tf.float32)
        self.b = tf.Variable(b, dtype=tf.float32)

    def __call__(self, x):
        return tf.abs(self.w) * x + self.b
