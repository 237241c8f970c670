"""Compares its number with how many of its kind there are."""


def first_that_exists(devices: Sequence[str]) -> str:
    for device in devices:
        kind, _, number = device.partition(":")
        if int(number) < len(tf.config.list_logical_devices(kind)):
            return device
    raise ValueError(f"none of {list(devices)} is here")
