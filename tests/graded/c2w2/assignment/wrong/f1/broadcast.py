"""Multiplies a row of labels with a column of probabilities.

Fails: test_f1_other_inputs
"""


class F1Score(tf.keras.metrics.Metric):
    def __init__(self, name="f1", **kwargs):
        super().__init__(name=name, **kwargs)
        self.hits = self.add_weight(name="hits", initializer="zeros")
        self.alarms = self.add_weight(name="alarms", initializer="zeros")
        self.cases = self.add_weight(name="cases", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        truth = tf.cast(y_true, tf.float32)
        decision = tf.cast(y_pred > 0.5, tf.float32)
        self.hits.assign_add(tf.reduce_sum(truth * decision))
        self.alarms.assign_add(tf.reduce_sum(decision))
        self.cases.assign_add(tf.reduce_sum(truth))

    def result(self):
        return tf.math.divide_no_nan(2.0 * self.hits, self.alarms + self.cases)

    def reset_state(self):
        self.hits.assign(0.0)
        self.alarms.assign(0.0)
        self.cases.assign(0.0)
