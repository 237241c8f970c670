"""One graph for each epoch, with a loop over the distributed data set."""


def train(strategy, images, labels, global_batch, epochs, learning_rate):
    with strategy.scope():
        model = build_model()
        optimizer = tf.keras.optimizers.SGD(learning_rate)
        optimizer.build(model.trainable_variables)
    data = strategy.experimental_distribute_dataset(
        tf.data.Dataset.from_tensor_slices((images, labels)).batch(global_batch)
    )
    n = -(-len(labels) // global_batch)

    def replica_step(x, y):
        with tf.GradientTape() as tape:
            each = tf.keras.losses.sparse_categorical_crossentropy(y, model(x, training=True), from_logits=True)
            loss = tf.reduce_sum(each) / global_batch
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    @tf.function
    def epoch(data):
        losses = tf.TensorArray(tf.float32, size=n)
        i = 0
        for batch in data:
            losses = losses.write(i, strategy.reduce("SUM", strategy.run(replica_step, args=batch), axis=None))
            i += 1
        return losses.stack()

    return [float(x) for _ in range(epochs) for x in epoch(data)]
