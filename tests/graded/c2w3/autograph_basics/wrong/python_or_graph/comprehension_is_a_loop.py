"""Thinks that a comprehension is rewritten too.

Fails: test_python_or_graph
"""

python_or_graph = {
    "tensor_if": "graph",
    "python_if": "python",
    "shape_if": "python",
    "python_range": "python",
    "tensor_range": "graph",
    "over_a_tensor": "graph",
    "over_a_list": "python",
    "tensor_while": "graph",
    "comprehension": "graph",
}
