"""Answers some of the cases only.

Fails: test_graph_or_eager_rest
"""

graph_or_eager = {"training_step": "graph", "phone": "graph", "nan_hunt": "eager", "large_product": "either"}
