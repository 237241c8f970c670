"""Takes as many devices, but not these.

Fails: test_make_strategy
"""


def make_strategy(devices: Sequence[str]) -> tf.distribute.Strategy:
    if not devices:
        return tf.distribute.get_strategy()
    if len(devices) == 1:
        return tf.distribute.OneDeviceStrategy(devices[0])
    return tf.distribute.MirroredStrategy(
        [f"CPU:{index}" for index in range(len(devices))], cross_device_ops=tf.distribute.ReductionToOneDevice()
    )
