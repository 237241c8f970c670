"""Leaves the loop to Python.

Fails: test_longest_run
"""


def longest_run(x):
    longest, current = tf.constant(0), tf.constant(0)
    for value in x:
        if value > 0.0:
            current += 1
        else:
            current = 0
        longest = tf.maximum(longest, current)
    return longest
