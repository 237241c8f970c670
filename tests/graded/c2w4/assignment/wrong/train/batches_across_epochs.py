"""Repeats before it makes batches, so that some hold examples of two epochs.

Fails: test_train_uneven
"""


def train(strategy, images, labels, global_batch, epochs, learning_rate):
    with strategy.scope():
        model = build_model()
        optimizer = tf.keras.optimizers.SGD(learning_rate)
        optimizer.build(model.trainable_variables)
    data = strategy.experimental_distribute_dataset(
        tf.data.Dataset.from_tensor_slices((images, labels)).repeat(epochs).batch(global_batch)
    )

    def replica_step(x, y):
        with tf.GradientTape() as tape:
            loss = (
                tf.reduce_sum(
                    tf.keras.losses.sparse_categorical_crossentropy(y, model(x, training=True), from_logits=True)
                )
                / global_batch
            )
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    @tf.function
    def step(batch):
        return strategy.reduce("SUM", strategy.run(replica_step, args=batch), axis=None)

    return [float(step(b)) for b in data]
