"""Hands out until nothing is left."""


def shares(examples: int, global_batch: int, replicas: int) -> list[list[int]]:
    steps = []
    for batch in in_batches(examples, global_batch):
        left, step = batch, []
        for _ in range(replicas):
            step.append(min(left, int(np.ceil(batch / replicas))))
            left -= step[-1]
        steps.append(step)
    return steps
