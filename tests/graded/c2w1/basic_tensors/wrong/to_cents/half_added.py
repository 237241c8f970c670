"""Adds a half and cuts off, which is wrong for refunds.

Fails: test_to_cents_values
"""


def to_cents(euros):
    return tf.cast(euros * 100 + 0.5, tf.int32)
