"""Takes a loss of its own in place of the one that is given.

Fails: test_make_test_step_uneven
"""


def make_test_step(strategy, model, loss, accuracy):
    def replica_step(batch):
        x, y = batch
        logits = model(x, training=False)
        accuracy.update_state(y, logits)
        return tf.reduce_sum(tf.keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True))

    @tf.function
    def step(batch):
        return strategy.reduce("SUM", strategy.run(replica_step, args=(batch,)), axis=None)

    return step
