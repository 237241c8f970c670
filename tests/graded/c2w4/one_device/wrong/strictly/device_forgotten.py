"""Calls the function on the default device.

Fails: test_strictly
"""


def strictly(device: str, function: Callable[[], tf.Tensor]) -> tf.Tensor:
    before = tf.config.get_soft_device_placement()
    tf.config.set_soft_device_placement(False)
    try:
        return function()
    finally:
        tf.config.set_soft_device_placement(before)
