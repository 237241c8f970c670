"""Takes the first device, however many there are.

Fails: test_make_strategy
"""


def make_strategy(devices: Sequence[str]) -> tf.distribute.Strategy:
    return tf.distribute.OneDeviceStrategy(devices[0]) if devices else tf.distribute.get_strategy()
