"""Trains on one device, whatever the strategy.

Fails: test_train_anywhere
"""


def train_anywhere(strategy, x, y, global_batch, epochs, learning_rate):
    strategy = tf.distribute.OneDeviceStrategy("CPU:0")
    with strategy.scope():
        slopes = tf.Variable(tf.zeros([x.shape[1]]))
        optimizer = tf.keras.optimizers.SGD(learning_rate)
        optimizer.build([slopes])
    data = strategy.experimental_distribute_dataset(tf.data.Dataset.from_tensor_slices((x, y)).batch(global_batch))

    def replica_step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((tf.linalg.matvec(x, slopes) - y) ** 2) / global_batch
        optimizer.apply(tape.gradient(loss, [slopes]), [slopes])
        return loss

    @tf.function
    def step(batch):
        return strategy.reduce("SUM", strategy.run(replica_step, args=batch), axis=None)

    return [float(step(b)) for _ in range(epochs) for b in data]
