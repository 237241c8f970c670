"""Answers in another order."""

tpu_numbers = {
    "times_smaller": 4,
    "per_core": 112,
    "calls": 3,
    "compiled_kept": 2,
    "compiled": 1,
    "left_out": 104,
    "steps": 7,
    "global_batch": 128,
}
