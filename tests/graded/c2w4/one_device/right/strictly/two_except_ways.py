"""Puts the setting back on both ways out."""


def strictly(device: str, function: Callable[[], tf.Tensor]) -> tf.Tensor:
    soft = tf.config.get_soft_device_placement()
    tf.config.set_soft_device_placement(False)
    try:
        with tf.device(f"/device:{device}"):
            result = function()
    except Exception:
        tf.config.set_soft_device_placement(soft)
        raise
    tf.config.set_soft_device_placement(soft)
    return result
