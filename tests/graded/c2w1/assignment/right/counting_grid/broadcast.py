"""Adds a column of row offsets to a row of numbers."""


def counting_grid(rows: int, cols: int) -> tf.Tensor:
    first_of_row = cols * tf.range(rows)[:, tf.newaxis]
    return first_of_row + tf.range(1, cols + 1)
