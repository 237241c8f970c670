"""Looks at a run only when it has ended.

Fails: test_longest_run
"""


@tf.function(input_signature=[tf.TensorSpec((None,), tf.float32)])
def longest_run(x):
    longest, current = 0, 0
    for value in x:
        if value > 0.0:
            current += 1
        else:
            longest = tf.maximum(longest, current)
            current = 0
    return longest
