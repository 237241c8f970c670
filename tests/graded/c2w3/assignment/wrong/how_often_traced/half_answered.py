"""Answers some of the cases only.

Fails: test_how_often_traced_rest
"""

how_often_traced = {"equal_batches": 1, "smaller_last": 2, "three_epochs": 2, "dropped": 1}
