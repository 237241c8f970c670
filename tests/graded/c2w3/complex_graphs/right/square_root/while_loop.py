"""Uses tf.while_loop."""


@tf.function
def square_root(a, tolerance):
    def wrong(x, rounds):
        return tf.reduce_any(tf.abs(x * x - a) > tolerance * a)

    def better(x, rounds):
        return 0.5 * (x + a / x), rounds + 1

    return tf.while_loop(wrong, better, (a, tf.constant(0)))
