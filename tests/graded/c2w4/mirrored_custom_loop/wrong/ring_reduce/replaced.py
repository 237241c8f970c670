"""Puts the chunk in the place of the own one.

Fails: test_ring_reduce
"""


def ring_reduce(held: tf.Tensor) -> tf.Tensor:
    after = held.numpy()
    devices = len(after)
    for step in range(devices - 1):
        for device in range(devices):
            chunk = (device - step) % devices
            after[(device + 1) % devices, chunk] = after[device, chunk]
    return tf.constant(after)
