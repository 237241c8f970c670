"""Divides whole numbers with //, which leaves zeros and ones.

Fails: test_prepare_picture_values, test_prepare_picture_in_a_graph
"""


def prepare_picture(picture, label):
    resized = tf.image.resize(picture // 255, (SIDE, SIDE))
    return tf.cast(resized, tf.float32), label
