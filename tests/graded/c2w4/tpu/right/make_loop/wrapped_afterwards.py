"""Makes the graph afterwards, and adds up by itself."""


def make_loop(
    strategy: tf.distribute.Strategy, replica_step: Callable[[tuple[tf.Tensor, tf.Tensor]], tf.Tensor]
) -> Callable[[Iterator, tf.Tensor], tf.Tensor]:
    def loop(iterator, steps):
        total = 0.0
        for _ in tf.range(steps):
            losses = strategy.run(replica_step, args=(next(iterator),))
            total += tf.add_n(strategy.experimental_local_results(losses))
        return total / tf.cast(steps, tf.float32)

    return tf.function(loop)
