"""Compares each pair of copies."""


def largest_gap(strategy: tf.distribute.Strategy, variable: tf.Variable) -> float:
    copies = strategy.experimental_local_results(variable)
    gaps = [np.abs(one.numpy() - other.numpy()).max() for one in copies for other in copies]
    return float(max(gaps))
