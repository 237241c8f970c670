"""Takes a graph wherever something is computed.

Fails: test_graph_or_eager_first, test_graph_or_eager_rest
"""

graph_or_eager = {
    "training_step": "graph",
    "phone": "graph",
    "nan_hunt": "eager",
    "look_once": "graph",
    "large_product": "graph",
    "python_rate": "graph",
    "simulation": "graph",
    "database": "graph",
}
