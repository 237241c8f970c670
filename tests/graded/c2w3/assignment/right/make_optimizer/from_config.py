"""Makes it from a config."""


def make_optimizer(model, learning_rate):
    config = {"learning_rate": learning_rate, "momentum": 0.9}
    optimizer = keras.optimizers.SGD.from_config(config)
    optimizer.build(model.trainable_weights)
    return optimizer
