"""Matches the list."""


def make_strategy(devices: Sequence[str]) -> tf.distribute.Strategy:
    match list(devices):
        case []:
            return tf.distribute.get_strategy()
        case [device]:
            return tf.distribute.OneDeviceStrategy(device=f"/device:{device}")
        case several:
            return tf.distribute.MirroredStrategy(several, tf.distribute.ReductionToOneDevice())
