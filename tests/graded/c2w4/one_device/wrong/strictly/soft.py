"""Forgets that TensorFlow may choose another device.

Fails: test_strictly
"""


def strictly(device: str, function: Callable[[], tf.Tensor]) -> tf.Tensor:
    with tf.device(device):
        return function()
