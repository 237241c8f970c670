"""Catches each error where it comes from."""


def start_tpu(address: str = "") -> tf.distribute.cluster_resolver.TPUClusterResolver | None:
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(address)
    except ValueError:
        return None
    tf.config.experimental_connect_to_cluster(resolver)
    try:
        tf.tpu.experimental.initialize_tpu_system(resolver)
    except tf.errors.NotFoundError:
        return None
    return resolver
