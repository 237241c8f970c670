"""Updates the metric outside of the replicas.

Fails: test_make_train_step_metric
"""


def make_train_step(strategy, model, optimizer, compute_loss, accuracy):
    def replica_step(batch):
        images, labels = batch
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            loss = compute_loss(labels, logits)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return loss, labels, logits

    @tf.function
    def train_on_all(batch):
        losses, labels, logits = strategy.run(replica_step, args=(batch,))
        return strategy.reduce("SUM", losses, axis=None), labels, logits

    def train_step(batch):
        loss, labels, logits = train_on_all(batch)
        for own_labels, own_logits in zip(
            strategy.experimental_local_results(labels), strategy.experimental_local_results(logits), strict=True
        ):
            accuracy.update_state(own_labels, own_logits)
        return loss

    return train_step
