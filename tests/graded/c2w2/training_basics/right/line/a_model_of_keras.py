"""Is a model of Keras."""


class Line(tf.keras.Model):
    def __init__(self, w, b):
        super().__init__()
        self.w = tf.Variable(float(w))
        self.b = tf.Variable(float(b))

    def call(self, x):
        return self.w * x + self.b
