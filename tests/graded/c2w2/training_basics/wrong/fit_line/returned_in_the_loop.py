"""Returns after the first step.

Fails: test_fit_line_history, test_fit_line_weights
"""


def fit_line(line, x, y, learning_rate, epochs):
    history = {"w": [], "b": [], "loss": []}
    for _ in range(epochs):
        history["w"].append(float(line.w))
        history["b"].append(float(line.b))
        history["loss"].append(float(train_step(line, x, y, learning_rate)))
        return history
