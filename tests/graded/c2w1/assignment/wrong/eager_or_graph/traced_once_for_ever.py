"""Thinks that a graph is traced once, whatever comes.

Fails: test_eager_or_graph_first, test_eager_or_graph_rest
"""

eager_or_graph = {
    "eager": 3,
    "same_signature": 1,
    "new_shape": 1,
    "new_dtype": 1,
    "python_numbers": 1,
    "wrapped_again": 1,
    "python_factor": 10.0,
    "variable_factor": 10.0,
}
