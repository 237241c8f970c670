"""Switches soft placement on where it was off.

Fails: test_strictly
"""


def strictly(device: str, function: Callable[[], tf.Tensor]) -> tf.Tensor:
    tf.config.set_soft_device_placement(False)
    try:
        with tf.device(device):
            return function()
    finally:
        tf.config.set_soft_device_placement(True)
