"""Asks for whatever devices there are.

Fails: test_make_strategy
"""


def make_strategy(replicas: int) -> tf.distribute.MirroredStrategy:
    return tf.distribute.MirroredStrategy(cross_device_ops=tf.distribute.ReductionToOneDevice())
