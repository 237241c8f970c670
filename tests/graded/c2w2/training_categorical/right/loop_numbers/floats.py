"""Floats for all."""

loop_numbers = {
    "steps_per_epoch": 16.0,
    "last_batch": 40.0,
    "all_steps": 80.0,
    "guessing_accuracy": 0.1,
    "guessing_loss": 2.303,
    "without_reset": 0.7,
}
