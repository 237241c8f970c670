"""Builds the dict from pairs."""

python_or_graph = dict(
    [
        ("tensor_if", "graph"),
        ("python_if", "python"),
        ("shape_if", "python"),
        ("python_range", "python"),
        ("tensor_range", "graph"),
        ("over_a_tensor", "graph"),
        ("over_a_list", "python"),
        ("tensor_while", "graph"),
        ("comprehension", "error"),
    ]
)
