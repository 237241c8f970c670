"""The arena of the attacks: started once, closed at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from attacks.arena import Arena


@pytest.fixture(scope="package")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """Where attacks are graded and judged."""
    found = Arena(tmp_path_factory.mktemp("arena"))
    yield found
    found.close()
