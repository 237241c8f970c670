"""Takes every device that there is.

Fails: test_make_strategy
"""


def make_strategy(replicas: int) -> tf.distribute.MirroredStrategy:
    devices = [device.name for device in tf.config.list_logical_devices("CPU")]
    return tf.distribute.MirroredStrategy(devices, cross_device_ops=tf.distribute.ReductionToOneDevice())
