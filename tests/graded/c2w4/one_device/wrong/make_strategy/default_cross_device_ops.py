"""Leaves out how the replicas add up.

Fails: test_make_strategy
"""


def make_strategy(devices):
    if not devices:
        return tf.distribute.get_strategy()
    if len(devices) == 1:
        return tf.distribute.OneDeviceStrategy(devices[0])
    return tf.distribute.MirroredStrategy(list(devices))
