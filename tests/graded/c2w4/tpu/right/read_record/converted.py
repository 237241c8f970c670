"""Lets TensorFlow scale."""


def read_record(record: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    spec = {"image": tf.io.FixedLenFeature([], tf.string), "label": tf.io.FixedLenFeature([], tf.int64)}
    found = tf.io.parse_single_example(record, spec)
    pixels = tf.reshape(tf.io.decode_raw(found["image"], tf.uint8), [64])
    return tf.image.convert_image_dtype(pixels, tf.float32), found["label"]
