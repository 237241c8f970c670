"""Cuts off the rest, and lets reshape work out the rows."""


def complete_rows(values, width):
    complete = len(values) - len(values) % width
    return tf.reshape(values[:complete], [-1, width])
