"""Takes the gradient of b for both.

Fails: test_step_by_hand_gradients, test_step_by_hand_update
"""

step_by_hand = {
    "prediction": 3.0,
    "loss": 16.0,
    "dw": -8.0,
    "db": -8.0,
    "new_w": 1.8,
    "new_b": 1.8,
}
