"""Answers with True and False where numbers are asked.

Fails: test_eager_or_graph_first, test_eager_or_graph_rest
"""

eager_or_graph = {
    "eager": True,
    "same_signature": True,
    "new_shape": True,
    "new_dtype": True,
    "python_numbers": True,
    "wrapped_again": True,
    "python_factor": False,
    "variable_factor": True,
}
