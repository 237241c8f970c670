"""Takes the first processor where no device is named.

Fails: test_make_strategy
"""


def make_strategy(devices: Sequence[str]) -> tf.distribute.Strategy:
    if len(devices) < 2:
        return tf.distribute.OneDeviceStrategy(devices[0] if devices else "CPU:0")
    return tf.distribute.MirroredStrategy(devices, cross_device_ops=tf.distribute.ReductionToOneDevice())
