"""Makes an object."""


class _Mean:
    def __init__(self):
        self.sums = tf.Variable([0.0, 0.0])

    @tf.function
    def update(self, value):
        self.sums.assign_add(tf.stack([value, 1.0]))
        return self.sums[0] / self.sums[1]


def make_running_mean():
    mean = _Mean()
    return tf.function(lambda value: mean.update(value))
