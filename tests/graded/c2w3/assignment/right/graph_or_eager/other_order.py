"""Answers in another order, with a note of its own."""

graph_or_eager = {
    "database": "eager",
    "simulation": "graph",
    "python_rate": "eager",
    "large_product": "either",
    "look_once": "eager",
    "nan_hunt": "eager",
    "phone": "graph",
    "training_step": "graph",
}
graph_or_eager["my_own_case"] = "graph"
