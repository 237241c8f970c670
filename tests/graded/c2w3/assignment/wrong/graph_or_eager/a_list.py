"""Gives the words without the names of the cases.

Fails: test_graph_or_eager_first, test_graph_or_eager_rest
"""

graph_or_eager = ["graph", "graph", "eager", "eager", "either", "eager", "graph", "eager"]
