"""Keeps notes of its own in the dict and fills it line by line."""

eager_or_graph = {}
eager_or_graph["eager"] = 1 + 1 + 1
eager_or_graph["same_signature"] = 1
eager_or_graph["new_shape"] = 1 + 1
eager_or_graph["new_dtype"] = len({"int32", "float32"})
eager_or_graph["python_numbers"] = len({1, 2, 3})
eager_or_graph["wrapped_again"] = 3
eager_or_graph["python_factor"] = 2 * 5.0
eager_or_graph["variable_factor"] = 10 * 5.0
eager_or_graph["why"] = "a Variable is read in every call"
