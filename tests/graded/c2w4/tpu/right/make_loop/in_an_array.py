"""Collects the losses in an array."""


def make_loop(
    strategy: tf.distribute.Strategy, replica_step: Callable[[tuple[tf.Tensor, tf.Tensor]], tf.Tensor]
) -> Callable[[Iterator, tf.Tensor], tf.Tensor]:
    @tf.function
    def loop(iterator, steps):
        collected = tf.TensorArray(tf.float32, steps)
        for index in tf.range(steps):
            losses = strategy.run(replica_step, args=(next(iterator),))
            collected = collected.write(index, strategy.reduce("SUM", losses, axis=None))
        return tf.reduce_mean(collected.stack())

    return loop
