"""Returns the values of the polynomial.

Fails: test_polynomial_slopes_values, test_polynomial_slopes_other_inputs
"""


def polynomial_slopes(x, coefficients):
    return sum(c * x**power for power, c in enumerate(coefficients))
