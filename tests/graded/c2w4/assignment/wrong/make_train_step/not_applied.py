"""Does not apply the gradients.

Fails: test_make_train_step_losses, test_make_train_step_uneven
"""


def make_train_step(
    strategy: tf.distribute.Strategy,
    model: tf.keras.Model,
    optimizer: tf.keras.optimizers.Optimizer,
    compute_loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
    accuracy: tf.keras.metrics.Metric,
) -> Callable:

    def replica_step(batch):
        images, labels = batch
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            loss = compute_loss(labels, logits)
        gradients = tape.gradient(loss, model.trainable_variables)
        accuracy.update_state(labels, logits)
        return loss

    @tf.function
    def train_step(batch):
        losses = strategy.run(replica_step, args=(batch,))
        return strategy.reduce(tf.distribute.ReduceOp.SUM, losses, axis=None)

    return train_step
