"""Uses a method of numpy's arrays, which the text promises."""


def train_anywhere(strategy, x, y, global_batch, epochs, learning_rate):
    with strategy.scope():
        slopes = tf.Variable([0.0] * x.shape[1])
        optimizer = tf.keras.optimizers.SGD(learning_rate=learning_rate)
        optimizer.build([slopes])
    ds = tf.data.Dataset.from_tensor_slices((x.astype("float32"), y)).batch(global_batch)

    def replica_step(x, y):
        with tf.GradientTape() as tape:
            e = tf.reduce_sum(x * slopes, axis=1) - y
            loss = tf.tensordot(e, e, 1) / global_batch
        g = tape.gradient(loss, slopes)
        optimizer.apply_gradients([(g, slopes)])
        return loss

    out = []
    for _ in range(epochs):
        for bx, by in strategy.experimental_distribute_dataset(ds):
            out.append(
                strategy.reduce(
                    tf.distribute.ReduceOp.SUM, tf.function(strategy.run)(replica_step, args=(bx, by)), axis=None
                )
                .numpy()
                .item()
            )
    return out
