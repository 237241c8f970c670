"""Lets TensorFlow differentiate forwards.

Fails: test_hand_gradient_values
"""


def hand_gradient(w, x, y):
    with tf.autodiff.ForwardAccumulator(w, tf.ones_like(w)) as acc:
        loss = smooth_error(w, x, y)
    return acc.jvp(loss)
