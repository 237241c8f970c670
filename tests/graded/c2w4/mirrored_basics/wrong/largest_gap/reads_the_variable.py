"""Reads the variable, which shows its first copy, once for each replica.

Fails: test_largest_gap
"""


def largest_gap(strategy: tf.distribute.Strategy, variable: tf.Variable) -> float:
    copies = tf.stack([variable.read_value() for _ in range(strategy.num_replicas_in_sync)])
    return float(tf.reduce_max(tf.reduce_max(copies, axis=0) - tf.reduce_min(copies, axis=0)))
