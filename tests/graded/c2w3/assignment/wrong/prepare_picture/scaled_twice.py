"""Converts, which scales already, and divides by 255 as well.

Fails: test_prepare_picture_values, test_prepare_picture_in_a_graph
"""


def prepare_picture(picture, label):
    resized = tf.image.resize(tf.image.convert_image_dtype(picture, tf.float32), (SIDE, SIDE))
    return resized / 255.0, label
