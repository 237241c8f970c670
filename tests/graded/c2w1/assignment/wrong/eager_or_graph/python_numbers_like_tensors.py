"""Thinks that Python numbers share a graph as tensors do.

Fails: test_eager_or_graph_rest
"""

eager_or_graph = {
    "eager": 3,
    "same_signature": 1,
    "new_shape": 2,
    "new_dtype": 2,
    "python_numbers": 1,
    "wrapped_again": 3,
    "python_factor": 10.0,
    "variable_factor": 50.0,
}
