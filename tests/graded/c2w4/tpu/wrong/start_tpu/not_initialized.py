"""Forgets to make the TPU ready.

Fails: test_start_tpu
"""


def start_tpu(address: str = "") -> tf.distribute.cluster_resolver.TPUClusterResolver | None:
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(tpu=address)
        tf.config.experimental_connect_to_cluster(resolver)
    except (ValueError, tf.errors.NotFoundError):
        return None
    return resolver
