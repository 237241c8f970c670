"""Takes the average over the elements.

Fails: test_largest_gap
"""


def largest_gap(strategy: tf.distribute.Strategy, variable: tf.Variable) -> float:
    copies = tf.stack([copy.read_value() for copy in strategy.experimental_local_results(variable)])
    return float(tf.reduce_mean(tf.reduce_max(copies, axis=0) - tf.reduce_min(copies, axis=0)))
