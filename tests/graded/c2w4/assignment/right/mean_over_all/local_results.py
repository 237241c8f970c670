"""Puts the local results into one vector."""


def mean_over_all(strategy, values):
    return tf.reduce_mean(tf.concat(strategy.experimental_local_results(values), axis=0))
