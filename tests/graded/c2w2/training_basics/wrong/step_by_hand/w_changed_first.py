"""Computes the gradient of b with the new w.

Fails: test_step_by_hand_gradients, test_step_by_hand_update
"""

step_by_hand = {
    "prediction": 3.0,
    "loss": 16.0,
    "dw": -16.0,
    "db": -1.6,
    "new_w": 2.6,
    "new_b": 1.16,
}
