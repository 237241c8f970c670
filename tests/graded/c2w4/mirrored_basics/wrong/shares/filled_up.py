"""Fills up share by share with what a full batch gives.

Fails: test_shares
"""


def shares(examples: int, global_batch: int, replicas: int) -> list[list[int]]:
    steps = []
    for batch in in_batches(examples, global_batch):
        size = -(-global_batch // replicas)
        steps.append([max(0, min(size, batch - replica * size)) for replica in range(replicas)])
    return steps
