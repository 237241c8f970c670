"""A tf.Module."""


class Line(tf.Module):
    def __init__(self, w, b):
        super().__init__()
        self.w = tf.Variable(w, dtype=tf.float32)
        self.b = tf.Variable(b, dtype=tf.float32)

    @tf.function
    def __call__(self, x):
        return tf.add(tf.multiply(x, self.w), self.b)
