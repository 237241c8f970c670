"""Counts the devices."""


def make_strategy(devices: Sequence[str]) -> tf.distribute.Strategy:
    strategy = tf.distribute.get_strategy()
    if len(devices) > 1:
        strategy = tf.distribute.MirroredStrategy(
            tuple(devices), cross_device_ops=tf.distribute.HierarchicalCopyAllReduce()
        )
    elif len(devices) == 1:
        (device,) = devices
        strategy = tf.distribute.OneDeviceStrategy(device)
    return strategy
