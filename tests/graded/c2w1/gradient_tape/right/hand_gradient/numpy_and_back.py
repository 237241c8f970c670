"""Computes in NumPy and comes back with the dtype."""


def hand_gradient(w, x, y):
    miss = w.numpy() * x.numpy() - y.numpy()
    return tf.constant(np.mean(miss / np.hypot(1, miss) * x.numpy()), dtype=w.dtype)
