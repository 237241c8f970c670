"""Forgets the examples that do not fill a batch.

Fails: test_shares
"""


def shares(examples: int, global_batch: int, replicas: int) -> list[list[int]]:
    steps = []
    for batch in [global_batch] * (examples // global_batch):
        size = -(-batch // replicas)
        steps.append([max(0, min(size, batch - replica * size)) for replica in range(replicas)])
    return steps
