"""Thinks that a library that is not TensorFlow becomes part of the graph.

Fails: test_graph_or_eager_rest
"""

graph_or_eager = {
    "training_step": "graph",
    "phone": "graph",
    "nan_hunt": "eager",
    "look_once": "eager",
    "large_product": "either",
    "python_rate": "eager",
    "simulation": "graph",
    "database": "graph",
}
