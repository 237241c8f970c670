"""The checks of the optional notebook on two processes. They are worth no points."""

from __future__ import annotations

import json

import pytest

from autograder.expect import assert_close, assert_distributed, assert_predictions, assert_true, stand_in
from autograder.student import as_ndarray


@pytest.mark.points(0, hint="Three machines run one program; who computes what, and who waits for whom?")
def test_several_workers(student, reference):
    """All predictions are right."""
    assert_predictions(
        student.several_workers.answers(), reference.several_workers.answers(), words=["go on", "wait", "fail"]
    )


@pytest.mark.points(0, hint="Two parts: which one is the same for all workers, and which is not?")
def test_worker_config(student, reference, draw):
    """The text names all workers and the one that reads it."""
    for count in (2, 3):
        addresses = [f"127.0.0.1:{port}" for port in draw.integers(count, low=2000, high=60000).tolist()]
        for index in range(count):
            given, known = (who.worker_config(addresses, index) for who in (student, reference))
            assert_true(isinstance(given, str), "A text is expected here.", f"got: {type(given).__name__}")
            try:
                read = json.loads(given)
            except ValueError:
                read = given
            assert_true(
                read == json.loads(known),
                "The text says something else than expected.",
                f"worker {index} of {', '.join(addresses)}\n    got: {given[:300]}",
                diagnosis="" if isinstance(read, dict) else "This is no JSON text: json.dumps makes one.",
            )


@pytest.mark.points(0, hint="Which examples does the context leave to this worker, and how many in a batch?")
def test_sharded_batches(student, reference, draw):
    """Each of several workers reads its own part, in batches of one replica."""
    for workers, replicas, batch, examples in ((1, 2, 8, 16), (2, 2, 6, 15), (3, 6, 12, 36)):
        x, y = draw.normal(examples, 2), draw.normal(examples)
        mine, theirs = (who.probe("parts", x, y, batch, workers, replicas) for who in (student, reference))
        assert_true(
            mine is not None,
            "What comes back is not what distribute_datasets_from_function gives.",
            "It is to be called once, and its result to be returned.",
        )
        case = f"workers: {workers}, replicas in all: {replicas}, global batch: {batch}, examples: {examples}"
        for index, (given, known) in enumerate(zip(mine, theirs, strict=True)):
            pairs = all(isinstance(each, (tuple, list)) and len(each) == 2 for each in given)
            assert_true(pairs, "Batches of pairs (x, y) are expected.", f"{case}\n    worker {index}")
            sizes, wanted = ([len(y.array) for _, y in batches] for batches in (given, known))
            assert_true(
                sizes == wanted,
                "A worker reads batches of other sizes than expected.",
                f"{case}\n    worker {index}: expected {wanted}, got {sizes}",
            )
            assert_close([tuple(each) for each in given], [tuple(each) for each in known])
    assert_distributed(student.sharded_batches.distributed(*examples_of(draw), replicas=2))


@pytest.mark.points(0, needs="test_sharded_batches")
def test_sharded_batches_two(student, reference, draw):
    """Two real processes read one part each."""
    args = examples_of(draw)
    runs = zip(student.sharded_batches.workers(*args), reference.sharded_batches.workers(*args), strict=True)
    for index, (mine, theirs) in enumerate(runs):
        given, known = (whole(run.result) for run in (mine, theirs))
        assert_true(len(given) == len(known), f"Worker {index} takes another number of steps than expected.")
        assert_close(given, known)


def examples_of(draw):
    """Arguments of sharded_batches, the same for several checks."""
    draw = draw.shared("examples")
    return stand_in.strategy(), as_ndarray(draw.normal(12, 2)), as_ndarray(draw.normal(12)), 4


def whole(result):
    """The batches of a described data set, with the share of this process alone."""
    (batches,) = result.values()
    return [tuple(part["per replica"][0] if isinstance(part, dict) else part for part in batch) for batch in batches]
