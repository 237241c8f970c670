"""Distributes a data set and looks."""


def shares(examples: int, global_batch: int, replicas: int) -> list[list[int]]:
    strategy = make_strategy(replicas)
    batches = strategy.experimental_distribute_dataset(tf.data.Dataset.range(examples).batch(global_batch))
    return [[len(share) for share in strategy.experimental_local_results(batch)] for batch in batches]
