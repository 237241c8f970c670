"""Takes the next of those that exist."""


def first_that_exists(devices: Sequence[str]) -> str:
    here = {device.name for device in tf.config.list_logical_devices()}
    found = next((device for device in devices if f"/device:{device}" in here), None)
    if found is None:
        raise ValueError("no device")
    return found
