"""Uses tf.while_loop."""


@tf.function
def power_sum(x, n):
    def body(i, total, power):
        return i + 1, total + power, power * x

    start = tf.constant(0), tf.constant(0.0), tf.constant(1.0)
    return tf.while_loop(lambda i, total, power: i < n, body, start)[1]
