"""Computes what it can."""

amounts = [1.0, 2.0, 3.0, 4.0]
written = {
    "none": amounts[3],
    "none_outside": amounts[0],
    "sum": sum(amounts),
    "mean": np.mean(amounts).item(),
    "first": amounts[0],
    "on_read": amounts[3],
    "on_read_outside": sum(amounts),
    "assigned": 4 * 5.0,
}
