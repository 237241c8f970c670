"""Goes back to Python for the work.

Fails: test_root_mean_square
"""


@tf.function
def root_mean_square(x):
    return tf.numpy_function(lambda a: np.sqrt(np.mean(a * a)), [x], tf.float32)
