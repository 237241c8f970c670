"""Lets the errors of a missing TPU out.

Fails: test_start_tpu
"""


def start_tpu(address: str = "") -> tf.distribute.cluster_resolver.TPUClusterResolver | None:
    resolver = tf.distribute.cluster_resolver.TPUClusterResolver(tpu=address)
    tf.config.experimental_connect_to_cluster(resolver)
    tf.tpu.experimental.initialize_tpu_system(resolver)
    return resolver
