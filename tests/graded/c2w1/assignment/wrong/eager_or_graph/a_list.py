"""Gives the numbers without the names.

Fails: test_eager_or_graph_first, test_eager_or_graph_rest
"""

eager_or_graph = [3, 1, 2, 2, 3, 3, 10.0, 50.0]
