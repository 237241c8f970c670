"""Takes the names of the first logical devices."""


def make_strategy(replicas: int) -> tf.distribute.MirroredStrategy:
    devices = [device.name for device in tf.config.list_logical_devices("CPU")[:replicas]]
    return tf.distribute.MirroredStrategy(devices, cross_device_ops=tf.distribute.ReductionToOneDevice())
