"""Takes the matrix product for the product of elements.

Fails: test_square_all_values, test_square_all_dtypes, test_square_all_sources
"""


def square_all(values):
    values = tf.convert_to_tensor(values)
    return tf.matmul(values, values)
