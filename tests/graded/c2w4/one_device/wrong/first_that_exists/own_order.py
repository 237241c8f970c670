"""Takes the first device of TensorFlow's own list.

Fails: test_first_that_exists
"""


def first_that_exists(devices: Sequence[str]) -> str:
    for device in tf.config.list_logical_devices():
        if device.name.removeprefix("/device:") in devices:
            return device.name.removeprefix("/device:")
    raise ValueError("none of them exists")
