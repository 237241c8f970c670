"""Spreads the rest evenly.

Fails: test_shares
"""


def shares(examples: int, global_batch: int, replicas: int) -> list[list[int]]:
    return [
        [batch // replicas + (replica < batch % replicas) for replica in range(replicas)]
        for batch in in_batches(examples, global_batch)
    ]
