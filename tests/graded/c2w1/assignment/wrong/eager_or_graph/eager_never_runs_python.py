"""Thinks that TensorFlow never runs Python again after the first call.

Fails: test_eager_or_graph_first
"""

eager_or_graph = {
    "eager": 1,
    "same_signature": 1,
    "new_shape": 2,
    "new_dtype": 2,
    "python_numbers": 3,
    "wrapped_again": 3,
    "python_factor": 10.0,
    "variable_factor": 50.0,
}
