"""Thinks that the size of a batch is no part of the signature.

Fails: test_how_often_traced_first
"""

how_often_traced = {
    "equal_batches": 1,
    "smaller_last": 1,
    "three_epochs": 1,
    "dropped": 1,
    "open_batch_axis": 1,
    "two_dtypes": 2,
    "python_rate": 5,
    "tensor_rate": 1,
    "made_anew": 5,
}
