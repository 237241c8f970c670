"""The data files of this package: read them, check that they are whole, and hold examples out for testing."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError

if TYPE_CHECKING:
    from _typeshed import SupportsRichComparisonT

FOLDER = Path(__file__).parent / "data"


def read(name: str, checksum: str) -> bytes:
    """The content of a file.

    Args:
        name: Its name.
        checksum: Its SHA-256 in hexadecimal digits.

    Raises:
        DataError: It is missing or not the one that it should be.
    """
    path = FOLDER / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}); install tf-autograder again") from None
    found = hashlib.sha256(content).hexdigest()
    if found != checksum:
        raise DataError(
            f"{path} is damaged: its SHA-256 is {found[:16]}…, not {checksum[:16]}…; install tf-autograder again"
        )
    return content


def read_table(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file with a header, each by the names of its columns."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def read_arrays(content: bytes) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of an npz file, by name."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def hold_out(
    strata: Sequence[SupportsRichComparisonT], owners: Sequence[Hashable] | None = None, share: float = 0.2
) -> list[bool]:
    """Choose examples for testing: the same share of each stratum, and all of an owner's or none.

    The choice comes from hashes, so that it is the same on every machine and with every version of numpy.

    Args:
        strata: For each example what it is to be balanced by, such as its class; sortable.
        owners: For each example whose it is; its own where None. Where an owner has examples in several strata, the
            first in sorted order counts.
        share: How much of each stratum is held out; with owners this can be a little more.

    Returns:
        For each example whether it is for testing.
    """
    examples: dict[Hashable, list[int]] = {}
    for index in range(len(strata)):
        examples.setdefault(index if owners is None else owners[index], []).append(index)
    by_stratum: dict[SupportsRichComparisonT, list[Hashable]] = {}
    for owner, indices in examples.items():
        by_stratum.setdefault(min(strata[index] for index in indices), []).append(owner)
    chosen = [False] * len(strata)
    for members in by_stratum.values():
        wanted = round(share * sum(len(examples[owner]) for owner in members))
        for owner in sorted(members, key=lambda owner: hashlib.sha256(repr(owner).encode()).digest()):
            if wanted <= 0:
                break
            wanted -= len(examples[owner])
            for index in examples[owner]:
                chosen[index] = True
    return chosen
