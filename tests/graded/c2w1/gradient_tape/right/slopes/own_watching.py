"""Says itself what to watch."""


def slopes(curve, x):
    x = tf.identity(x)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = curve(x)
    return tape.gradient(y, x)
