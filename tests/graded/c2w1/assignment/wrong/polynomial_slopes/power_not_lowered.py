"""Differentiates by hand and forgets to lower the power.

Fails: test_polynomial_slopes_values, test_polynomial_slopes_other_inputs
"""


def polynomial_slopes(x, coefficients):
    return sum(power * c * x**power for power, c in enumerate(coefficients))
