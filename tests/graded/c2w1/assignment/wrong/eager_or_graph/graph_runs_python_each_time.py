"""Thinks that a graph runs its Python code in every call.

Fails: test_eager_or_graph_first, test_eager_or_graph_rest
"""

eager_or_graph = {
    "eager": 3,
    "same_signature": 3,
    "new_shape": 3,
    "new_dtype": 3,
    "python_numbers": 4,
    "wrapped_again": 3,
    "python_factor": 50.0,
    "variable_factor": 50.0,
}
