"""Takes the batch size for that of one replica.

Fails: test_shares
"""


def shares(examples: int, global_batch: int, replicas: int) -> list[list[int]]:
    steps = []
    for batch in in_batches(examples, global_batch * replicas):
        size = -(-batch // replicas)
        steps.append([max(0, min(size, batch - replica * size)) for replica in range(replicas)])
    return steps
