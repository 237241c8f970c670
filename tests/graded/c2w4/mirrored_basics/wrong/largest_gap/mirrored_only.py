"""Asks an ordinary variable for copies.

Fails: test_largest_gap
"""


def largest_gap(strategy: tf.distribute.Strategy, variable: tf.Variable) -> float:
    copies = tf.stack([copy.read_value() for copy in variable.values])
    return float(tf.reduce_max(tf.reduce_max(copies, axis=0) - tf.reduce_min(copies, axis=0)))
