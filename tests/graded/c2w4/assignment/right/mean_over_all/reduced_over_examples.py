"""Lets reduce average the examples of all replicas."""


def mean_over_all(strategy, values):
    return strategy.reduce(tf.distribute.ReduceOp.MEAN, values, axis=0)
