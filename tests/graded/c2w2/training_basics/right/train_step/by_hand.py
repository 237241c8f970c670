"""Derives by hand."""


def train_step(line, x, y, learning_rate):
    errors = line(x) - y
    line.w.assign_sub(learning_rate * 2.0 * tf.reduce_mean(errors * x))
    line.b.assign_sub(learning_rate * 2.0 * tf.reduce_mean(errors))
    return tf.reduce_mean(errors**2)
