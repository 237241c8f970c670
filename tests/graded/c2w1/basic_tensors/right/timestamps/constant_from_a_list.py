"""Makes a list first."""


def timestamps(first, step, count):
    return tf.constant([first + step * k for k in range(count)])
