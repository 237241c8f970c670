"""Loops over the labels in Python, outside of TensorFlow.

Fails: test_same_group_table
"""


def same_group(labels):
    x = labels.numpy()
    return tf.constant([[int(a == b) for a in x] for b in x])
