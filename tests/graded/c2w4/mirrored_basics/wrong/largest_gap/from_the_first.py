"""Compares each copy with the first one only.

Fails: test_largest_gap
"""


def largest_gap(strategy: tf.distribute.Strategy, variable: tf.Variable) -> float:
    copies = tf.stack([copy.read_value() for copy in strategy.experimental_local_results(variable)])
    return float(tf.reduce_max(tf.abs(copies - copies[0])))
