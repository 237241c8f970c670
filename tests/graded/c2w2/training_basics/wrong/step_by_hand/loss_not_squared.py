"""Takes the error for the loss.

Fails: test_step_by_hand_gradients
"""

step_by_hand = {
    "prediction": 3.0,
    "loss": -4.0,
    "dw": -16.0,
    "db": -8.0,
    "new_w": 2.6,
    "new_b": 1.8,
}
