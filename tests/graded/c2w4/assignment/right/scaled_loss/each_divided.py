"""Divides each loss, and adds up then."""


def scaled_loss(labels: tf.Tensor, logits: tf.Tensor, global_batch: int) -> tf.Tensor:
    per_example = tf.keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_sum(per_example * (1.0 / global_batch))
