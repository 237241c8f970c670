"""Has no signature.

Fails: test_longest_run
"""


@tf.function
def longest_run(x):
    longest, current = 0, 0
    for value in x:
        if value > 0.0:
            current += 1
        else:
            current = 0
        longest = tf.maximum(longest, current)
    return longest
