"""Computes some of the numbers."""

values = [[1, 2], [3, 4], [5, 6], [14]]
mean_of_each = [sum(share) / len(share) for share in values]
reduced = {
    "bundle": len(values),
    "sum_ids": 0 + 1 + 2 + 3,
    "mean_ids": (0 + 1 + 2 + 3) / 4,
    "threes": 4 * 3,
    "not_cut": 4 * (1 + 2),
    "sum_all": sum(map(sum, values)),
    "mean_all": sum(map(sum, values)) / sum(map(len, values)),
    "sum_of_means": sum(mean_of_each),
    "mean_of_means": sum(mean_of_each) / 4,
}
