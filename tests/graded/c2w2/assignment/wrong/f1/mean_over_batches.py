"""Takes the mean of the F1 of all batches.

Fails: test_f1_batches, test_f1_other_inputs, test_f1_in_a_graph
"""


class F1Score(tf.keras.metrics.Metric):
    def __init__(self, name="f1", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = self.add_weight(name="total", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        truth = tf.cast(tf.reshape(y_true, [-1]), tf.float32)
        decision = tf.cast(tf.reshape(y_pred, [-1]) > 0.5, tf.float32)
        hits = tf.reduce_sum(truth * decision)
        self.total.assign_add(tf.math.divide_no_nan(2.0 * hits, tf.reduce_sum(truth) + tf.reduce_sum(decision)))
        self.count.assign_add(1.0)

    def result(self):
        return tf.math.divide_no_nan(self.total, self.count)

    def reset_state(self):
        self.total.assign(0.0)
        self.count.assign(0.0)
