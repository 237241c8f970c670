"""Records the Variables themselves.

Fails: test_fit_line_history
"""


def fit_line(line, x, y, learning_rate, epochs):
    history = {"w": [], "b": [], "loss": []}
    for _ in range(epochs):
        history["w"].append(line.w)
        history["b"].append(line.b)
        history["loss"].append(float(train_step(line, x, y, learning_rate)))
    return history
