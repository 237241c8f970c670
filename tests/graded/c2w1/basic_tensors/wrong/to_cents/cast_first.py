"""Casts before it multiplies.

Fails: test_to_cents_values
"""


def to_cents(euros):
    return tf.cast(euros, tf.int32) * 100
