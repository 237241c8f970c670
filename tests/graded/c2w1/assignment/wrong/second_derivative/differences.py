"""Uses differences in float32, which are far too coarse.

Fails: test_second_derivative_values, test_second_derivative_other_inputs
"""


def second_derivative(curve, x):
    step = 1e-3
    return (curve(x + step) - 2 * curve(x) + curve(x - step)) / step**2
