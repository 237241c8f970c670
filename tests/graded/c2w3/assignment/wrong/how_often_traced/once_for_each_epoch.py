"""Counts the traces of each epoch anew.

Fails: test_how_often_traced_first, test_how_often_traced_rest
"""

how_often_traced = {
    "equal_batches": 1,
    "smaller_last": 2,
    "three_epochs": 6,
    "dropped": 3,
    "open_batch_axis": 3,
    "two_dtypes": 2,
    "python_rate": 5,
    "tensor_rate": 5,
    "made_anew": 5,
}
