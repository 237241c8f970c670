"""Writes the names with a slash and in small letters."""


def make_strategy(replicas: int) -> tf.distribute.MirroredStrategy:
    devices = [f"/cpu:{index}" for index in range(replicas)]
    return tf.distribute.MirroredStrategy(devices, cross_device_ops=tf.distribute.ReductionToOneDevice())
