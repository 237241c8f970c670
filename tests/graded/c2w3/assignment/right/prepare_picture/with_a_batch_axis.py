"""Resizes a batch of one."""


def prepare_picture(picture, label):
    return tf.image.resize(picture[tf.newaxis], (SIDE, SIDE))[0] / 255, label
