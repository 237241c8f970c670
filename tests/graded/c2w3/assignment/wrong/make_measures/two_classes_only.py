"""Writes the cross-entropy for two classes.

Fails: test_make_measures_loss
"""


class Entropy(keras.losses.Loss):
    def call(self, y_true, y_pred):
        y_true = tf.cast(y_true, tf.float32)
        return -(y_true * tf.math.log(y_pred[:, 1]) + (1.0 - y_true) * tf.math.log(y_pred[:, 0]))


def make_measures():
    return Entropy(), keras.metrics.SparseCategoricalAccuracy(), keras.metrics.SparseCategoricalAccuracy()
