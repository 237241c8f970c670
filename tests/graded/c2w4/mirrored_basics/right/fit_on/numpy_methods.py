"""Uses methods of numpy's arrays, which the text promises."""


def fit_on(strategy, images, labels, per_replica, learning_rate):
    with strategy.scope():
        model = build_model()
        model.compile(
            optimizer=tf.keras.optimizers.SGD(learning_rate),
            loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        )
    images, labels = images.astype("float32"), labels.reshape(-1)
    size = per_replica * strategy.num_replicas_in_sync
    history = model.fit(images, labels, batch_size=size, shuffle=False, verbose=0).history
    return history["loss"][0]
