"""The step takes an iterator, and next gives its batch."""


def train(strategy, images, labels, global_batch, epochs, learning_rate):
    with strategy.scope():
        model = build_model()
        optimizer = tf.keras.optimizers.SGD(learning_rate)
        optimizer.build(model.trainable_variables)
    data = strategy.experimental_distribute_dataset(
        tf.data.Dataset.from_tensor_slices((images, labels)).batch(global_batch)
    )

    def replica_step(x, y):
        with tf.GradientTape() as tape:
            each = tf.nn.sparse_softmax_cross_entropy_with_logits(y, model(x, training=True))
            loss = tf.reduce_sum(each) / global_batch
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    @tf.function
    def step(iterator):
        return strategy.reduce("SUM", strategy.run(replica_step, args=next(iterator)), axis=None)

    losses = []
    for _ in range(epochs):
        iterator = iter(data)
        while True:
            try:
                losses.append(step(iterator).numpy().item())
            except (StopIteration, tf.errors.OutOfRangeError):
                break
    return losses
