"""Leaves replicas out that get nothing.

Fails: test_shares
"""


def shares(examples: int, global_batch: int, replicas: int) -> list[list[int]]:
    steps = []
    for batch in in_batches(examples, global_batch):
        size = -(-batch // replicas)
        steps.append([min(size, batch - replica * size) for replica in range(replicas) if batch > replica * size])
    return steps
