"""Is a graph itself."""


@tf.function
def prepare_picture(picture, label):
    picture = tf.cast(picture, tf.float32)
    return tf.divide(tf.image.resize(picture, (SIDE, SIDE), "bilinear"), 255.0), label
