"""Adds the gradient.

Fails: test_step_by_hand_update
"""

step_by_hand = {
    "prediction": 3.0,
    "loss": 16.0,
    "dw": -16.0,
    "db": -8.0,
    "new_w": -0.6,
    "new_b": 0.2,
}
