"""Answers some of the scripts only.

Fails: test_eager_or_graph_rest
"""

eager_or_graph = {"eager": 3, "same_signature": 1, "new_shape": 2, "new_dtype": 2}
