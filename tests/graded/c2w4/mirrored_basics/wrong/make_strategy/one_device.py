"""Makes a strategy for a single device.

Fails: test_make_strategy
"""


def make_strategy(replicas: int) -> tf.distribute.MirroredStrategy:
    return tf.distribute.OneDeviceStrategy(f"CPU:{replicas - 1}")
