"""Computes in NumPy and comes back."""


def to_cents(euros):
    return tf.constant(np.round(euros.numpy() * 100).astype("int32"))
