"""Lets a strategy run it."""


def strictly(device: str, function: Callable[[], tf.Tensor]) -> tf.Tensor:
    before = tf.config.get_soft_device_placement()
    tf.config.set_soft_device_placement(False)
    try:
        return tf.distribute.OneDeviceStrategy(device).run(function)
    finally:
        tf.config.set_soft_device_placement(before)
