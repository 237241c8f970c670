"""Uses a loss object's own mean.

Fails: test_scaled_loss_full, test_scaled_loss_uneven
"""


def scaled_loss(labels, logits, global_batch):
    return tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
