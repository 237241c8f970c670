"""Uses a loss object's own mean, which Keras divides by the number of replicas.

Fails: test_scaled_loss_uneven
"""


def scaled_loss(labels, logits, global_batch):
    return tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
