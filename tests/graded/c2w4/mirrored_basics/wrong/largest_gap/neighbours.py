"""Compares each copy with the next one only.

Fails: test_largest_gap
"""


def largest_gap(strategy, variable):
    c = strategy.experimental_local_results(variable)
    return max([float(tf.reduce_max(tf.abs(c[i] - c[i + 1]))) for i in range(len(c) - 1)] or [0.0])
