"""Whole numbers where they are whole."""

step_by_hand = {"prediction": 3, "loss": 16, "dw": -16, "db": -8, "new_w": 2.6, "new_b": 1.8}
