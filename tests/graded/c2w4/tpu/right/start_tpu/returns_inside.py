"""Returns inside of the try."""


def start_tpu(address: str = "") -> tf.distribute.cluster_resolver.TPUClusterResolver | None:
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(address)
        tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(cluster_resolver=resolver)
        return resolver
    except (ValueError, tf.errors.NotFoundError):
        pass
    return None
