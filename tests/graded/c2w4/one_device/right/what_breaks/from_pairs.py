"""Builds the dict from pairs."""

what_breaks = dict(
    [
        ("model", "same"),
        ("batches", "same"),
        ("loop", "other"),
        ("mean", "other"),
        ("plain", "error"),
        ("reduced", "same"),
        ("first", "other"),
        ("count", "other"),
    ]
)
