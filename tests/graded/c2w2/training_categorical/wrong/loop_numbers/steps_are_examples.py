"""Takes a step for each example.

Fails: test_loop_numbers_steps
"""

loop_numbers = {
    "steps_per_epoch": 1000,
    "last_batch": 40,
    "all_steps": 5000,
    "guessing_accuracy": 0.1,
    "guessing_loss": 2.30,
    "without_reset": 0.7,
}
