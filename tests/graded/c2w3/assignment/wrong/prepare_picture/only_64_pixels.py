"""Halves the picture, whatever its size.

Fails: test_prepare_picture_in_a_graph
"""


def prepare_picture(picture, label):
    halved = tf.nn.avg_pool2d(tf.cast(picture, tf.float32)[tf.newaxis], 2, 2, "VALID")[0]
    return halved / 255.0, label
