"""Computes in NumPy."""


def largest_gap(strategy: tf.distribute.Strategy, variable: tf.Variable) -> float:
    copies = np.stack([copy.numpy() for copy in strategy.experimental_local_results(variable)])
    return float(np.ptp(copies, axis=0).max())
