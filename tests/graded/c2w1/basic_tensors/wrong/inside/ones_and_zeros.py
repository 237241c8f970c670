"""Returns numbers for answers.

Fails: test_inside_values
"""


def inside(x, low, high):
    return tf.cast((x >= low) & (x <= high), tf.int32)
