"""Makes a MirroredStrategy of one device, too.

Fails: test_make_strategy
"""


def make_strategy(devices: Sequence[str]) -> tf.distribute.Strategy:
    if not devices:
        return tf.distribute.get_strategy()
    return tf.distribute.MirroredStrategy(devices, cross_device_ops=tf.distribute.ReductionToOneDevice())
