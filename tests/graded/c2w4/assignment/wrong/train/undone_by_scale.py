"""Gives each replica the whole batch, and divides by their number.

Fails: test_train_run
"""


def train(strategy, images, labels, global_batch, epochs, learning_rate):
    with strategy.scope():
        model = build_model()
        optimizer = tf.keras.optimizers.SGD(learning_rate)
        optimizer.build(model.trainable_variables)
    data = tf.data.Dataset.from_tensor_slices((images, labels)).batch(global_batch)

    def replica_step(x, y):
        with tf.GradientTape() as tape:
            loss = (
                tf.reduce_sum(
                    tf.keras.losses.sparse_categorical_crossentropy(y, model(x, training=True), from_logits=True)
                )
                / global_batch
                / strategy.num_replicas_in_sync
            )
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    @tf.function
    def step(batch):
        return strategy.reduce("SUM", strategy.run(replica_step, args=batch), axis=None)

    return [float(step(b)) for _ in range(epochs) for b in data]
