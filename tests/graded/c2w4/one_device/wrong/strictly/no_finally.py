"""Puts the setting back only where nothing failed.

Fails: test_strictly
"""


def strictly(device: str, function: Callable[[], tf.Tensor]) -> tf.Tensor:
    before = tf.config.get_soft_device_placement()
    tf.config.set_soft_device_placement(False)
    with tf.device(device):
        result = function()
    tf.config.set_soft_device_placement(before)
    return result
