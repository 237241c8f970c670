"""Forgets to connect.

Fails: test_start_tpu
"""


def start_tpu(address: str = "") -> tf.distribute.cluster_resolver.TPUClusterResolver | None:
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(tpu=address)
        tf.tpu.experimental.initialize_tpu_system(resolver)
    except (ValueError, tf.errors.NotFoundError):
        return None
    return resolver
