"""Maps a function over the epochs, one after the other."""


def make_train(train_step, evaluate, accuracy):
    @tf.function
    def train(train_batches, test_batches, epochs):
        def epoch(_):
            accuracy.reset_state()
            total, count = train_batches.reduce(
                (0.0, 0.0), lambda state, batch: (state[0] + train_step(*batch), state[1] + 1.0)
            )
            _, test_accuracy = evaluate(test_batches)
            return tf.stack([total / count, accuracy.result(), test_accuracy])

        rows = tf.map_fn(epoch, tf.range(epochs), fn_output_signature=tf.float32, parallel_iterations=1)
        return dict(zip(("loss", "accuracy", "test_accuracy"), tf.unstack(rows, axis=1, num=3), strict=True))

    return train
