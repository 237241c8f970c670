"""Thinks that TensorFlow takes Python with it wherever it runs.

Fails: test_graph_or_eager_first
"""

graph_or_eager = {
    "training_step": "graph",
    "phone": "either",
    "nan_hunt": "eager",
    "look_once": "eager",
    "large_product": "either",
    "python_rate": "eager",
    "simulation": "graph",
    "database": "eager",
}
