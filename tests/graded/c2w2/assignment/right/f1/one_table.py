"""Keeps the confusion matrix as its only state."""


class F1Score(tf.keras.metrics.Metric):
    def __init__(self, name="f1_score", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.table = self.add_weight(name="table", shape=(2, 2), initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        truth = tf.cast(tf.reshape(y_true, (-1,)), tf.int32)
        decided = tf.cast(tf.greater(tf.reshape(y_pred, (-1,)), 0.5), tf.int32)
        self.table.assign_add(tf.math.confusion_matrix(truth, decided, num_classes=2, dtype=tf.float32))

    def result(self):
        tp, fp, fn = self.table[1, 1], self.table[0, 1], self.table[1, 0]
        p = tf.math.divide_no_nan(tp, tp + fp)
        r = tf.math.divide_no_nan(tp, tp + fn)
        return tf.math.divide_no_nan(2.0 * p * r, p + r)

    def reset_state(self):
        self.table.assign(tf.zeros((2, 2)))
