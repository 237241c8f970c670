"""Leaves long loops to Python.

Fails: test_graph_or_eager_rest
"""

graph_or_eager = {
    "training_step": "graph",
    "phone": "graph",
    "nan_hunt": "eager",
    "look_once": "eager",
    "large_product": "either",
    "python_rate": "eager",
    "simulation": "eager",
    "database": "eager",
}
