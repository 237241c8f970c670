"""Asks the variable itself for its copies."""


def largest_gap(strategy: tf.distribute.Strategy, variable: tf.Variable) -> float:
    copies = getattr(variable, "values", [variable])
    stacked = tf.stack([copy.read_value() for copy in copies])
    gaps = tf.reduce_max(stacked, axis=0) - tf.reduce_min(stacked, axis=0)
    return tf.reduce_max(gaps).numpy().item()
