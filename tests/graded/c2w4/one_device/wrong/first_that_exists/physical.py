"""Asks what the machine has, not what TensorFlow made of it.

Fails: test_first_that_exists
"""


def first_that_exists(devices: Sequence[str]) -> str:
    here = [device.name.removeprefix("/physical_device:") for device in tf.config.list_physical_devices()]
    for device in devices:
        if device in here:
            return device
    raise ValueError("none of them exists")
