"""Writes the devices down.

Fails: test_make_strategy
"""


def make_strategy(devices: Sequence[str]) -> tf.distribute.Strategy:
    if not devices:
        return tf.distribute.get_strategy()
    if len(devices) == 1:
        return tf.distribute.OneDeviceStrategy("CPU:0")
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
