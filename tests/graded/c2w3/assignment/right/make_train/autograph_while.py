"""Counts the epochs in a while loop, and tells them with tf.print."""


def make_train(train_step, evaluate, accuracy):
    @tf.function
    def train(train_batches, test_batches, epochs):
        losses = tf.TensorArray(tf.float32, size=epochs)
        accuracies = tf.TensorArray(tf.float32, size=epochs)
        test_accuracies = tf.TensorArray(tf.float32, size=epochs)
        epoch = tf.constant(0)
        while epoch < epochs:
            tf.print("epoch", epoch)
            accuracy.reset_state()
            total, count = 0.0, 0.0
            for pictures, labels in train_batches:
                total += train_step(pictures, labels)
                count += 1.0
            _, test_accuracy = evaluate(test_batches)
            losses = losses.write(epoch, total / count)
            accuracies = accuracies.write(epoch, accuracy.result())
            test_accuracies = test_accuracies.write(epoch, test_accuracy)
            epoch += 1
        return {"loss": losses.stack(), "accuracy": accuracies.stack(), "test_accuracy": test_accuracies.stack()}

    return train
