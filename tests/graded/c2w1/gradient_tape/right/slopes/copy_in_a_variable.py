"""Copies into a Variable."""


def slopes(curve, x):
    place = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = curve(place)
    return tape.gradient(y, place)
