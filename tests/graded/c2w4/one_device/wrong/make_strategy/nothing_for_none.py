"""Has no strategy for no device.

Fails: test_make_strategy
"""


def make_strategy(devices: Sequence[str]) -> tf.distribute.Strategy:
    if len(devices) == 1:
        return tf.distribute.OneDeviceStrategy(devices[0])
    if devices:
        return tf.distribute.MirroredStrategy(devices, cross_device_ops=tf.distribute.ReductionToOneDevice())
