"""Thinks that the shape is a tensor.

Fails: test_python_or_graph
"""

python_or_graph = {
    "tensor_if": "graph",
    "python_if": "python",
    "shape_if": "graph",
    "python_range": "python",
    "tensor_range": "graph",
    "over_a_tensor": "graph",
    "over_a_list": "python",
    "tensor_while": "graph",
    "comprehension": "error",
}
