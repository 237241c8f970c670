"""Thinks that a function is traced once, whatever comes.

Fails: test_how_often_traced_first, test_how_often_traced_rest
"""

how_often_traced = {
    "equal_batches": 1,
    "smaller_last": 1,
    "three_epochs": 1,
    "dropped": 1,
    "open_batch_axis": 1,
    "two_dtypes": 1,
    "python_rate": 1,
    "tensor_rate": 1,
    "made_anew": 1,
}
