"""Gives floats, numpy numbers and tensors."""

eager_or_graph = {
    "eager": 3.0,
    "same_signature": np.int64(1),
    "new_shape": tf.constant(2),
    "new_dtype": np.float32(2),
    "python_numbers": tf.Variable(3),
    "wrapped_again": np.array(3),
    "python_factor": tf.constant(10.0),
    "variable_factor": "50",
}
eager_or_graph["variable_factor"] = float(eager_or_graph["variable_factor"])
