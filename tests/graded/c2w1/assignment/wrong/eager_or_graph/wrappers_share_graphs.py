"""Thinks that every tf.function of one Python function shares its graphs.

Fails: test_eager_or_graph_rest
"""

eager_or_graph = {
    "eager": 3,
    "same_signature": 1,
    "new_shape": 2,
    "new_dtype": 2,
    "python_numbers": 3,
    "wrapped_again": 1,
    "python_factor": 10.0,
    "variable_factor": 50.0,
}
