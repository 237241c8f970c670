"""Rounds to whole euros.

Fails: test_to_cents_values
"""


def to_cents(euros):
    return tf.cast(tf.round(euros) * 100, tf.int32)
