"""Lets Python do the sums."""

x, y, w, b, rate = 2, 7, 1, 1, 0.1
error = w * x + b - y
step_by_hand = {"prediction": w * x + b, "loss": error**2, "dw": 2 * error * x, "db": 2 * error}
step_by_hand |= {"new_w": w - rate * step_by_hand["dw"], "new_b": b - rate * step_by_hand["db"]}
