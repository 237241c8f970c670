"""Measures with four places and a larger h."""


def worst_error(loss, claimed, weights):
    h, worst = 1e-3, tf.constant(0.0, tf.float64)
    for place, claim in enumerate(claimed(weights)):
        nudge = tf.one_hot(place, tf.size(weights), on_value=h, dtype=tf.float64)
        near = loss(weights + nudge) - loss(weights - nudge)
        far = loss(weights + 2 * nudge) - loss(weights - 2 * nudge)
        worst = tf.maximum(worst, tf.abs((8 * near - far) / (12 * h) - claim))
    return worst
