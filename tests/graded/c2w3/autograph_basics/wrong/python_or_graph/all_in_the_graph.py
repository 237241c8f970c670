"""Thinks that every if and for goes into the graph.

Fails: test_python_or_graph
"""

python_or_graph = {
    "tensor_if": "graph",
    "python_if": "graph",
    "shape_if": "graph",
    "python_range": "graph",
    "tensor_range": "graph",
    "over_a_tensor": "graph",
    "over_a_list": "graph",
    "tensor_while": "graph",
    "comprehension": "error",
}
