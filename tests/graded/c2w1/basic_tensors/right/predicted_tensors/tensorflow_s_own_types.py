"""Gives shapes and dtypes as TensorFlow's own objects, and lists for tuples."""

predicted_tensors = {
    "a": (tf.TensorShape([2, 3]), tf.int32),
    "b": (tf.TensorShape([]), tf.float32),
    "c": [[3, 1], "tf.float32"],
    "d": ([2], np.float64),
    "e": ((4, 1), "Float32"),
    "f": ((2, 2), tf.int32),
    "g": ((2, 1, 1), tf.bool),
    "h": ([3], np.int32),
}
