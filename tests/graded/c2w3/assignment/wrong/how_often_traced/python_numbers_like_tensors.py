"""Thinks that a Python number is passed like a tensor.

Fails: test_how_often_traced_rest
"""

how_often_traced = {
    "equal_batches": 1,
    "smaller_last": 2,
    "three_epochs": 2,
    "dropped": 1,
    "open_batch_axis": 1,
    "two_dtypes": 2,
    "python_rate": 1,
    "tensor_rate": 1,
    "made_anew": 5,
}
