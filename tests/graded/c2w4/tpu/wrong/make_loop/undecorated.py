"""Forgets the tf.function.

Fails: test_make_loop
"""


def make_loop(
    strategy: tf.distribute.Strategy, replica_step: Callable[[tuple[tf.Tensor, tf.Tensor]], tf.Tensor]
) -> Callable[[Iterator, tf.Tensor], tf.Tensor]:
    def loop(iterator, steps):
        total = 0.0
        for _ in tf.range(steps):
            losses = strategy.run(replica_step, args=(next(iterator),))
            total += strategy.reduce(tf.distribute.ReduceOp.SUM, losses, axis=None)
        return total / tf.cast(steps, tf.float32)

    return loop
