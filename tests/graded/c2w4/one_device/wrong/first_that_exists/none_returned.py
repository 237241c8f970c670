"""Returns None where there is none.

Fails: test_first_that_exists
"""


def first_that_exists(devices: Sequence[str]) -> str:
    here = [device.name.removeprefix("/device:") for device in tf.config.list_logical_devices()]
    for device in devices:
        if device in here:
            return device
