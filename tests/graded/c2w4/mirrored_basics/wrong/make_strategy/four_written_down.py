"""Writes down a number of replicas.

Fails: test_make_strategy
"""


def make_strategy(replicas: int) -> tf.distribute.MirroredStrategy:
    devices = [f"CPU:{index}" for index in range(4)]
    return tf.distribute.MirroredStrategy(devices, cross_device_ops=tf.distribute.ReductionToOneDevice())
