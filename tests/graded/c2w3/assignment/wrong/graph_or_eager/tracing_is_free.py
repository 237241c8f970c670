"""Forgets that tracing costs time.

Fails: test_graph_or_eager_rest
"""

graph_or_eager = {
    "training_step": "graph",
    "phone": "graph",
    "nan_hunt": "eager",
    "look_once": "graph",
    "large_product": "either",
    "python_rate": "graph",
    "simulation": "graph",
    "database": "eager",
}
