"""Loses the sign of refunds.

Fails: test_to_cents_values
"""


def to_cents(euros):
    return tf.cast(tf.round(tf.abs(euros) * 100), tf.int32)
