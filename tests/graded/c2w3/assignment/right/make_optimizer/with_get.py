"""Makes it with get."""


def make_optimizer(model, learning_rate):
    optimizer = keras.optimizers.get({"class_name": "SGD", "config": {"momentum": 0.9}})
    optimizer.learning_rate = learning_rate
    optimizer.build(model.trainable_variables)
    return optimizer
