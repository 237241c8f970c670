"""Guesses between two classes.

Fails: test_loop_numbers_metrics
"""

loop_numbers = {
    "steps_per_epoch": 16,
    "last_batch": 40,
    "all_steps": 80,
    "guessing_accuracy": 0.5,
    "guessing_loss": 0.69,
    "without_reset": 0.7,
}
