"""Colour pictures: ``horse_or_person`` and ``roses``."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow_datasets as tfds
from PIL import Image

from .offline import OfflineBuilder
from .roses import PETALS, rose
from .tables import Examples

SIDE = 64


def features(names: list[str]) -> Any:
    """A colour picture and its class."""
    return tfds.features.FeaturesDict(
        {
            "image": tfds.features.Image(shape=(SIDE, SIDE, 3), dtype=np.uint8, encoding_format="jpeg"),
            "label": tfds.features.ClassLabel(names=names),
        }
    )


class HorseOrPerson(OfflineBuilder):
    """Is it a horse or a person? Rendered, as the pictures of ``tfds.load("horses_or_humans")`` are."""

    FILES = {"horse_or_person.zip": "d68f3c9a1d15132fd964276fa65f479972e8d0d9e957ffd928e1f7b739254b2e"}

    def _info(self) -> Any:
        return self._describe(
            description="1,000 pictures for training and 256 for testing, 64 × 64 pixels, half of them horses and half "
            "people, as in horses_or_humans. Each is one glyph of an emoji font, coloured, flipped, turned, scaled "
            "and put somewhere on a background. The people in the test pictures are others than those in the "
            "training pictures; there are only three horses, in many colours.",
            features=features(["horses", "humans"]),
            supervised_keys=("image", "label"),
            homepage="https://github.com/googlefonts/noto-emoji",
            license="SIL Open Font License 1.1, https://openfontlicense.org: rendered from Noto Color Emoji (copyright "
            "2013-2017 Google Inc., Arjen Nienhuis) as in Debian's fonts-noto-color-emoji 2.042.",
            citation="""@misc{noto-emoji,
  title={Noto Emoji}, author={{Google Inc.}}, howpublished={https://github.com/googlefonts/noto-emoji}, year={2023}
}
@misc{horses_or_humans,
  title={Horses or Humans Dataset}, author={Moroney, Laurence},
  howpublished={https://laurencemoroney.com/datasets.html}, year={2019}
}""",
        )

    def _examples(self) -> Examples:
        archive = zipfile.ZipFile(io.BytesIO(self._file("horse_or_person.zip")))
        return {split: _pictures(archive, split) for split in ("train", "test")}


def _pictures(archive: zipfile.ZipFile, split: str) -> Iterator[tuple[int, dict[str, Any]]]:
    names = [name for name in archive.namelist() if name.startswith(f"{split}/")]
    for number, name in enumerate(names):
        yield number, {"image": io.BytesIO(archive.read(name)), "label": name.split("/")[1]}


class Roses(OfflineBuilder):
    """How many petals does a flower have? Drawn from a formula; there is no data file."""

    COUNTS = {"train": 200, "test": 50}  # of each class

    def _info(self) -> Any:
        return self._describe(
            description="1,000 pictures for training and 250 for testing, 64 × 64 pixels: flowers of 3, 4, 5, 7 and 8 "
            "petals, the same number of each. They are rose curves, r = cos(kθ), which have k petals for odd k and "
            "2k for even k; colour, size, place, turn, the width of the petals and the background are drawn.",
            features=features([f"{petals} petals" for petals in PETALS]),
            supervised_keys=("image", "label"),
            homepage="https://mathworld.wolfram.com/RoseCurve.html",
            license="BSD-3-Clause, as tf-autograder, which draws them.",
            citation="""@misc{grandi1728flores,
  title={Flores geometrici ex rhodonearum et cloeliarum curvarum descriptione resultantes},
  author={Grandi, Guido}, year={1728}
}""",
        )

    def _examples(self) -> Examples:
        return {split: _roses(split, count) for split, count in self.COUNTS.items()}


def _roses(split: str, count: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for label, petals in enumerate(PETALS):
        for number in range(count):
            random = np.random.RandomState([ord(split[1]), petals, number])  # its numbers never change
            picture = Image.fromarray(rose(petals, SIDE, random))
            yield label * count + number, {"image": picture, "label": label}
