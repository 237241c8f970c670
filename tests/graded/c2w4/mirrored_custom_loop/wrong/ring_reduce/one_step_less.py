"""Ends a step too early.

Fails: test_ring_reduce
"""


def ring_reduce(held: tf.Tensor) -> tf.Tensor:
    after = held.numpy()
    devices = len(after)
    for step in range(max(devices - 2, 0)):
        for device in range(devices):
            chunk = (device - step) % devices
            after[(device + 1) % devices, chunk] += after[device, chunk]
    return tf.constant(after)
