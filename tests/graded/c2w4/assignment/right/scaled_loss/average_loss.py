"""Uses compute_average_loss."""


def scaled_loss(labels: tf.Tensor, logits: tf.Tensor, global_batch: int) -> tf.Tensor:
    per_example = tf.keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.nn.compute_average_loss(per_example, global_batch_size=global_batch)
