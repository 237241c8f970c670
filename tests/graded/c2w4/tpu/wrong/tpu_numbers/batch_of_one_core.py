"""Takes the batch of one core for that of all.

Fails: test_tpu_numbers
"""

tpu_numbers = {
    "global_batch": 16,
    "steps": 62,
    "left_out": 8,
    "compiled": 1,
    "compiled_kept": 2,
    "calls": 21,
    "per_core": 112,
    "times_smaller": 4,
}
