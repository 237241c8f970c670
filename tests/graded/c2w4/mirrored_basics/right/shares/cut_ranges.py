"""Cuts the numbers of the examples."""


def shares(examples: int, global_batch: int, replicas: int) -> list[list[int]]:
    steps = []
    for first in range(0, examples, global_batch):
        batch = range(first, min(first + global_batch, examples))
        size = (len(batch) + replicas - 1) // replicas
        steps.append([len(batch[replica * size : (replica + 1) * size]) for replica in range(replicas)])
    return steps
