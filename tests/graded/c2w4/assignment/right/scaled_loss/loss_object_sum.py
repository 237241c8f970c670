"""A loss object that adds up; for an empty share it gives an empty vector."""


def scaled_loss(labels, logits, global_batch):
    return tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")(labels, logits) / tf.cast(
        global_batch, tf.float32
    )
