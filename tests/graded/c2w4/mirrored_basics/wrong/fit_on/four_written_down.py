"""Writes down a number of replicas.

Fails: test_fit_on
"""


def fit_on(
    strategy: tf.distribute.Strategy,
    images: np.ndarray,
    labels: np.ndarray,
    per_replica: int,
    learning_rate: float,
) -> float:
    with strategy.scope():
        model = build_model()
        model.compile(
            optimizer=tf.keras.optimizers.SGD(learning_rate),
            loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        )
    global_batch = per_replica * 4
    history = model.fit(images, labels, batch_size=global_batch, shuffle=False, verbose=0)
    return history.history["loss"][0]
