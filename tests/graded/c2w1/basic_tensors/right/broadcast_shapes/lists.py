"""Writes lists and capital letters."""

broadcast_shapes = {
    "a": [3, 4],
    "b": [2, 5],
    "c": "Error",
    "d": tf.TensorShape([4, 4]),
    "e": np.array([2, 3]),
    "f": [2, 4, 3],
    "g": "ERROR",
    "h": " error ",
}
