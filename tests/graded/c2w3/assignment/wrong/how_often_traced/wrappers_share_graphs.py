"""Thinks that a new tf.function knows the graphs of the old one.

Fails: test_how_often_traced_rest
"""

how_often_traced = {
    "equal_batches": 1,
    "smaller_last": 2,
    "three_epochs": 2,
    "dropped": 1,
    "open_batch_axis": 1,
    "two_dtypes": 2,
    "python_rate": 5,
    "tensor_rate": 1,
    "made_anew": 1,
}
