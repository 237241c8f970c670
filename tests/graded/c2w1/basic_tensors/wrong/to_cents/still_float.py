"""Leaves out the cast.

Fails: test_to_cents_values
"""


def to_cents(euros):
    return tf.round(euros * 100)
