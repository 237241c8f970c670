"""Calls the model with training=True.

Fails: test_confusion_matrix_counts
"""


def confusion_matrix(model, batches):
    table = tf.zeros((2, 2), tf.int32)
    for x, y in batches:
        decisions = tf.cast(model(x, training=True) > 0.5, tf.int32)
        table += tf.math.confusion_matrix(tf.reshape(y, [-1]), tf.reshape(decisions, [-1]), num_classes=2)
    return table
