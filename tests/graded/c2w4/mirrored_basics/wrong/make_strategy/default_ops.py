"""Does not say how the replicas add up.

Fails: test_make_strategy
"""


def make_strategy(replicas: int) -> tf.distribute.MirroredStrategy:
    devices = [f"CPU:{index}" for index in range(replicas)]
    return tf.distribute.MirroredStrategy(devices)
