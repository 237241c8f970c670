"""Writes the words in capitals."""

graph_or_eager = {
    "training_step": "GRAPH",
    "phone": "GRAPH",
    "nan_hunt": "EAGER",
    "look_once": "EAGER",
    "large_product": "EITHER",
    "python_rate": "EAGER",
    "simulation": "GRAPH",
    "database": "EAGER",
}
