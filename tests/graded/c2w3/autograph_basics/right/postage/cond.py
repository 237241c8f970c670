"""Uses tf.cond."""


@tf.function
def postage(weight):
    def middle():
        return tf.cond(weight <= 10.0, lambda: 3.5 + 0.5 * weight, lambda: tf.constant(15.0))

    return tf.cond(weight <= 1.0, lambda: tf.constant(4.0), middle)
