"""Lets convert_image_dtype scale."""


def prepare_picture(picture, label):
    return tf.image.resize(tf.image.convert_image_dtype(picture, tf.float32), (SIDE, SIDE)), label
