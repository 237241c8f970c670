"""Stops where a step has led uphill.

Fails: test_descend_other_starts
"""


def descend(loss, start, learning_rate, steps):
    p = tf.convert_to_tensor(start)
    path = [p]
    best = None
    for k in range(steps):
        with tf.GradientTape() as t:
            t.watch(p)
            value = loss(p)
        if best is not None and value > best:
            break
        best = value
        p = p - learning_rate * t.gradient(value, p)
        path.append(p)
    return tf.stack(path)
