"""Uses a third Variable."""


def swap(a, b):
    between = tf.Variable(a)
    a.assign(b)
    b.assign(between)
    return a, b
