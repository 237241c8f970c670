"""Counts a trace for each batch.

Fails: test_how_often_traced_first, test_how_often_traced_rest
"""

how_often_traced = {
    "equal_batches": 20,
    "smaller_last": 16,
    "three_epochs": 48,
    "dropped": 45,
    "open_batch_axis": 48,
    "two_dtypes": 40,
    "python_rate": 100,
    "tensor_rate": 100,
    "made_anew": 100,
}
