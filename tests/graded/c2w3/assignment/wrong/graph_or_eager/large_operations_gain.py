"""Expects a graph to make a large operation itself faster.

Fails: test_graph_or_eager_first
"""

graph_or_eager = {
    "training_step": "graph",
    "phone": "graph",
    "nan_hunt": "eager",
    "look_once": "eager",
    "large_product": "graph",
    "python_rate": "eager",
    "simulation": "graph",
    "database": "eager",
}
