"""Builds the dict from groups."""

groups = {
    "graph": ["training_step", "phone", "simulation"],
    "eager": ["nan_hunt", "look_once", "python_rate", "database"],
    "either": ["large_product"],
}
graph_or_eager = {case: word for word, cases in groups.items() for case in cases}
