"""Counts TP, FP and FN."""


class F1Score(tf.keras.metrics.Metric):
    def __init__(self, name="f1", **kwargs):
        super().__init__(name=name, **kwargs)
        self.tp = self.add_weight(name="tp", initializer="zeros")
        self.fp = self.add_weight(name="fp", initializer="zeros")
        self.fn = self.add_weight(name="fn", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        truth = tf.cast(tf.squeeze(tf.reshape(y_true, (-1, 1)), axis=1), tf.bool)
        alarm = tf.squeeze(tf.reshape(y_pred, (-1, 1)), axis=1) > 0.5
        for count, found in ((self.tp, truth & alarm), (self.fp, ~truth & alarm), (self.fn, truth & ~alarm)):
            count.assign_add(tf.math.count_nonzero(found, dtype=tf.float32))

    def result(self):
        below = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / tf.where(below > 0, below, 1.0)

    def reset_state(self):
        for variable in self.variables:
            variable.assign(tf.zeros_like(variable))
