"""Takes the upper left corner.

Fails: test_prepare_picture_values, test_prepare_picture_in_a_graph
"""


def prepare_picture(picture, label):
    return tf.cast(picture[:SIDE, :SIDE], tf.float32) / 255.0, label
