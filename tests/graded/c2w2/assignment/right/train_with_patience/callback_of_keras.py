"""Lets the callback of Keras decide."""


def train_with_patience(model, run_epoch, max_epochs, patience):
    stopper = tf.keras.callbacks.EarlyStopping(
        monitor="val_loss", mode="min", patience=patience, restore_best_weights=True
    )
    stopper.set_model(model)
    stopper.on_train_begin()
    model.stop_training = False
    losses = []
    for epoch in range(max_epochs):
        losses.append(run_epoch())
        stopper.on_epoch_end(epoch, {"val_loss": losses[-1]})
        if model.stop_training:
            break
    stopper.on_train_end()
    return losses
