"""Takes the program for one device as it is.

Fails: test_train_anywhere
"""


def train_anywhere(
    strategy: tf.distribute.Strategy,
    x: np.ndarray,
    y: np.ndarray,
    global_batch: int,
    epochs: int,
    learning_rate: float,
) -> list[float]:
    return train_on_one(strategy, x, y, global_batch, epochs, learning_rate)
