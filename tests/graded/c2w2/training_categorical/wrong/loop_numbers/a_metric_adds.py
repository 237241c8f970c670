"""Thinks that a metric adds the accuracies.

Fails: test_loop_numbers_metrics
"""

loop_numbers = {
    "steps_per_epoch": 16,
    "last_batch": 40,
    "all_steps": 80,
    "guessing_accuracy": 0.1,
    "guessing_loss": 2.30,
    "without_reset": 1.4,
}
