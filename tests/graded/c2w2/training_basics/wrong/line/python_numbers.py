"""Keeps Python numbers.

Fails: test_line_weights, test_line_values
"""


class Line:
    def __init__(self, w, b):
        self.w = w
        self.b = b

    def __call__(self, x):
        return self.w * x + self.b
