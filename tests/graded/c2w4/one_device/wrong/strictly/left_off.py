"""Leaves soft placement off.

Fails: test_strictly
"""


def strictly(device: str, function: Callable[[], tf.Tensor]) -> tf.Tensor:
    tf.config.set_soft_device_placement(False)
    with tf.device(device):
        return function()
