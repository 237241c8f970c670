"""Answers some of the cases only.

Fails: test_gradient_causes_rest
"""

gradient_causes = {"a": "value", "b": "not watched", "c": "not float", "d": "left TensorFlow"}
