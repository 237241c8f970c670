"""Probes of this lab: they run beside the notebook and hold no answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tensorflow as tf


def strictly(notebook: Mapping[str, Any], device: str, x: tf.Tensor, soft: bool, fails: bool) -> dict[str, Any]:
    """Call it under one setting of soft placement, which is put back afterwards.

    Args:
        notebook: The notebook's names.
        device: The device to ask for.
        x: What the function that it is given works on.
        soft: Whether soft placement is on before.
        fails: Whether that function raises a KeyError.

    Returns:
        The ``result``, the device ``on`` which it was computed, the name of the ``error`` that came, and whether soft
        placement was on ``afterwards``.
    """

    def function() -> tf.Tensor:
        if fails:
            raise KeyError("on purpose")
        return tf.reverse(x, axis=[0]) * 2

    found: dict[str, Any] = {"result": None, "on": None, "error": None}
    tf.config.set_soft_device_placement(soft)
    try:
        result = notebook["strictly"](device, function)
        found |= {"result": result, "on": str(getattr(result, "device", "")).rpartition("device:")[2]}
    except Exception as error:  # which one it is, the check looks at
        found["error"] = type(error).__name__
    found["afterwards"] = tf.config.get_soft_device_placement()
    tf.config.set_soft_device_placement(True)  # as TensorFlow begins
    return found


def train_anywhere(notebook: Mapping[str, Any], device: str, *args: Any) -> list[float]:
    """The losses of a training on one device.

    Args:
        notebook: The notebook's names.
        device: Where; the default strategy is taken for ``""``.
        *args: As for ``train_anywhere``, after the strategy.
    """
    strategy = tf.distribute.OneDeviceStrategy(device) if device else tf.distribute.get_strategy()
    x, y, *rest = args
    return [float(loss) for loss in notebook["train_anywhere"](strategy, x.numpy(), y.numpy(), *rest)]
