"""Makes the tensors and asks them."""

_made = {
    "a": tf.constant([[1, 2, 3], [4, 5, 6]]),
    "b": tf.constant(2.5),
    "c": tf.constant([[7], [8], [9.0]]),
    "d": tf.constant(np.array([1.0, 2.0])),
    "e": tf.ones((4, 1)),
    "f": tf.fill((2, 2), 5),
    "g": tf.constant([[[True]], [[False]]]),
    "h": tf.range(3, 9, 2),
}
predicted_tensors = {case: (tensor.shape, tensor.dtype) for case, tensor in _made.items()}
