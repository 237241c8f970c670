"""Divides by the brightest pixel of the picture.

Fails: test_prepare_picture_in_a_graph
"""


def prepare_picture(picture, label):
    resized = tf.image.resize(picture, (SIDE, SIDE))
    return resized / tf.cast(tf.reduce_max(picture), tf.float32), label
