"""Thinks that run cuts the tensor.

Fails: test_own_rows
"""


def own_rows(strategy: tf.distribute.Strategy, x: tf.Tensor) -> tf.distribute.DistributedValues:
    def take(x):
        return x

    return strategy.run(take, args=(x,))
