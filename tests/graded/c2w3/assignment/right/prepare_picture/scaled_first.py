"""Scales before it resizes."""


def prepare_picture(picture, label):
    return tf.image.resize(tf.cast(picture, tf.float32) / 255.0, [SIDE, SIDE]), label
