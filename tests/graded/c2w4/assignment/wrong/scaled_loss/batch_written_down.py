"""Writes the batch size down.

Fails: test_scaled_loss_full, test_scaled_loss_uneven
"""


def scaled_loss(labels: tf.Tensor, logits: tf.Tensor, global_batch: int) -> tf.Tensor:
    per_example = tf.keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_sum(per_example) / 64
