"""Computes the gradient once and uses it for all steps.

Fails: test_descend_path, test_descend_other_starts, test_descend_variable
"""


def descend(loss, start, learning_rate, steps):
    position = tf.convert_to_tensor(start)
    with tf.GradientTape() as tape:
        tape.watch(position)
        value = loss(position)
    gradient = tape.gradient(value, position)
    path = [position]
    for _ in range(steps):
        position = position - learning_rate * gradient
        path.append(position)
    return tf.stack(path)
