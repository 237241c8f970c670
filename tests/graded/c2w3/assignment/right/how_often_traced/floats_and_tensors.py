"""Gives floats, tensors and NumPy's numbers."""

how_often_traced = {
    "equal_batches": 1,
    "smaller_last": 2,
    "three_epochs": 2,
    "dropped": 1,
    "open_batch_axis": 1,
    "two_dtypes": 2,
    "python_rate": 5,
    "tensor_rate": 1,
    "made_anew": 5,
}
how_often_traced["dropped"] = tf.constant(1)
how_often_traced["equal_batches"] = 1.0
how_often_traced["made_anew"] = np.int64(5)
