"""One-hot labels, with the loss for them."""


def train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = tf.keras.losses.CategoricalCrossentropy(from_logits=True)(tf.one_hot(y, logits.shape[1]), logits)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss, logits
