"""Answers in another order, with a case of its own."""

python_or_graph = {
    "comprehension": "error",
    "tensor_while": "graph",
    "over_a_list": "python",
    "over_a_tensor": "graph",
    "tensor_range": "graph",
    "python_range": "python",
    "shape_if": "python",
    "python_if": "python",
    "tensor_if": "graph",
}
python_or_graph["my_own_case"] = 1
