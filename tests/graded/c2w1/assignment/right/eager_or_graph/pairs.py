"""Builds the dict from pairs."""

_counts = [("eager", 3), ("same_signature", 1), ("new_shape", 2), ("new_dtype", 2)]
_counts += [("python_numbers", 3), ("wrapped_again", 3)]
eager_or_graph = {**dict(_counts), "python_factor": 10, "variable_factor": 50}
