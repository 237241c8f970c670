"""Would look for an error in the graph.

Fails: test_graph_or_eager_first
"""

graph_or_eager = {
    "training_step": "graph",
    "phone": "graph",
    "nan_hunt": "graph",
    "look_once": "eager",
    "large_product": "either",
    "python_rate": "eager",
    "simulation": "graph",
    "database": "eager",
}
