"""Uses tf.size and tf.slice."""


def complete_rows(values, width):
    rows = tf.size(values) // width
    return tf.reshape(tf.slice(values, [0], [rows * width]), tf.stack([rows, width]))
