"""Makes new Variables whenever it is called.

Fails: test_line_weights, test_line_values
"""


class Line:
    def __init__(self, w, b):
        self.start = float(w), float(b)
        self.w = tf.Variable(float(w))
        self.b = tf.Variable(float(b))

    def __call__(self, x):
        return tf.Variable(self.start[0]) * x + tf.Variable(self.start[1])
