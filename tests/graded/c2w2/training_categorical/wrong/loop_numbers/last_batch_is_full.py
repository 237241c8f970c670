"""Thinks that all batches are equal.

Fails: test_loop_numbers_steps
"""

loop_numbers = {
    "steps_per_epoch": 16,
    "last_batch": 64,
    "all_steps": 80,
    "guessing_accuracy": 0.1,
    "guessing_loss": 2.30,
    "without_reset": 0.7,
}
