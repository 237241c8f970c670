"""Counts full batches only.

Fails: test_loop_numbers_steps
"""

loop_numbers = {
    "steps_per_epoch": 15,
    "last_batch": 40,
    "all_steps": 75,
    "guessing_accuracy": 0.1,
    "guessing_loss": 2.30,
    "without_reset": 0.7,
}
