"""Averages the parts of the replicas.

Fails: test_train_anywhere
"""


def train_anywhere(
    strategy: tf.distribute.Strategy,
    x: np.ndarray,
    y: np.ndarray,
    global_batch: int,
    epochs: int,
    learning_rate: float,
) -> list[float]:
    with strategy.scope():
        slopes = tf.Variable(tf.zeros([x.shape[1]]))
        optimizer = tf.keras.optimizers.SGD(learning_rate)
        optimizer.build([slopes])

    def replica_step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((tf.linalg.matvec(x, slopes) - y) ** 2) / global_batch
        optimizer.apply(tape.gradient(loss, [slopes]), [slopes])
        return loss

    @tf.function
    def step(batch):
        losses = strategy.run(replica_step, args=batch)
        return strategy.reduce(tf.distribute.ReduceOp.MEAN, losses, axis=None)

    dataset = tf.data.Dataset.from_tensor_slices((x, y)).batch(global_batch)
    batches = strategy.experimental_distribute_dataset(dataset)
    return [float(step(batch)) for _ in range(epochs) for batch in batches]
