"""Each replica learns the loss of all; their mean is that loss."""


def make_train_step(strategy, model, optimizer, compute_loss, accuracy):
    def replica_step(batch):
        images, labels = batch
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            loss = compute_loss(labels, logits)
            gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        accuracy.update_state(labels, logits)
        return tf.distribute.get_replica_context().all_reduce("SUM", loss)

    @tf.function
    def step(batch):
        everybody = strategy.run(replica_step, args=(batch,))
        return strategy.reduce("MEAN", everybody, axis=None)

    return step
