"""Make ``autograder/datasets/data/horse_or_person.zip``: horses and people from the glyphs of an emoji font.

    apt-get download fonts-noto-color-emoji    # 2.042-0+deb12u1; or install it
    dpkg -x fonts-noto-color-emoji_*.deb font
    python -m tools.render_horses font/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf sheet.png

Each picture is one glyph, coloured, flipped, turned, scaled and put somewhere on a background. People in the test
pictures are others than those in the training pictures; there are only three horses, in many colours. The second
argument is a picture to write with some of each class, for looking at.
"""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageEnhance, ImageFilter, ImageFont

TARGET = Path(__file__).resolve().parent.parent / "autograder" / "datasets" / "data" / "horse_or_person.zip"

SIZE = 64  # pixels
FINE = 4  # pictures are drawn this many times larger first
QUALITY = 88  # of JPEG
COUNTS = {"train": 500, "test": 128}  # pictures of each class
SEED = 2042

HORSES = ("🐎", "🐴", "🎠")
COATS = ("#ffffff", "#b98d6b", "#8a6a55", "#d8c7a8", "#7d7a78", "#e3b788", "#a9745a", "#cfd3d8")

TONES = ("", "\U0001f3fb", "\U0001f3fc", "\U0001f3fd", "\U0001f3fe", "\U0001f3ff")
MAN, WOMAN = "\u200d♂\ufe0f", "\u200d♀\ufe0f"
GENDERED = {"train": "🧍🚶🧎🙋🤷🧘🤸🙆👷💂", "test": "🏃👮🙅"}  # a person, a man, a woman
PLAIN = {"train": "💃👩👨🧒👧👴🤴", "test": "🕺🧑👦👵👸"}
WORKING = {"train": "🌾🍳🔧🎨🚀", "test": "🎓🔬"}  # joined to a man or a woman


def people(split: str) -> list[str]:
    """The glyphs of people of a split, in all skin tones."""
    return [
        *(base + tone + gender for base in GENDERED[split] for gender in ("", MAN, WOMAN) for tone in TONES),
        *(base + tone for base in PLAIN[split] for tone in TONES),
        *(base + tone + "\u200d" + tool for tool in WORKING[split] for base in "👩👨" for tone in TONES),
    ]


def glyph(font: ImageFont.FreeTypeFont, text: str) -> Image.Image:
    """One glyph as it is in the font, cut out."""
    page = Image.new("RGBA", (400, 200))
    ImageDraw.Draw(page).text((20, 20), text, font=font, embedded_color=True)
    box = page.getbbox()
    assert box is not None and box[2] - box[0] < 140, f"the font has no single glyph for {text!r}"
    return page.crop(box)


def picture(source: Image.Image, coat: str, random: np.random.Generator) -> Image.Image:
    """A glyph on a background.

    Args:
        source: The glyph.
        coat: A colour to tint it with.
        random: Draws everything else.
    """
    side = SIZE * FINE
    figure = tinted(source, coat, random)
    if random.random() < 0.5:
        figure = figure.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    figure = figure.rotate(random.uniform(-25, 25), Image.Resampling.BICUBIC, expand=True)
    scale = random.uniform(0.55, 0.98) * side / max(figure.size)
    figure = figure.resize((round(figure.width * scale), round(figure.height * scale)), Image.Resampling.LANCZOS)
    page = background(random).convert("RGBA")
    slack = max(side - figure.width, 1), max(side - figure.height, 1)
    page.alpha_composite(figure, (int(random.integers(slack[0])), int(random.integers(slack[1]))))
    page = ImageEnhance.Brightness(page).enhance(random.uniform(0.75, 1.2))
    return page.convert("RGB").resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def tinted(source: Image.Image, coat: str, random: np.random.Generator) -> Image.Image:
    """A glyph in another colour."""
    pixels = np.asarray(source).astype(float)
    colour = np.array(ImageColor.getrgb(coat)) / 255 * random.uniform(0.9, 1.1, 3)
    pixels[..., :3] *= colour
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8), "RGBA")


def background(random: np.random.Generator) -> Image.Image:
    """Two colours that run into each other, a horizon or none, and a few blurred spots."""
    side = SIZE * FINE
    top, bottom, spot = random.integers(30, 256, (3, 3))
    ramp = np.linspace(0, 1, side)[:, None, None]
    if random.random() < 0.5:
        ramp = (ramp > random.uniform(0.4, 0.8)).astype(float)
    pixels = np.broadcast_to(top * (1 - ramp) + bottom * ramp, (side, side, 3))
    page = Image.fromarray(pixels.astype(np.uint8), "RGB").rotate(int(random.choice([0, 0, 90, 180])))
    draw = ImageDraw.Draw(page)
    for _ in range(int(random.integers(0, 5))):
        x, y = random.uniform(0, side, 2)
        radius = random.uniform(0.05, 0.3) * side
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tuple(map(int, spot)))
    return page.filter(ImageFilter.GaussianBlur(FINE * 2))


def render(font: ImageFont.FreeTypeFont) -> dict[str, Image.Image]:
    """All pictures by the name of their file."""
    random = np.random.default_rng(SEED)
    found = {}
    for split, count in COUNTS.items():
        for kind, glyphs, coats in (("horses", HORSES, COATS), ("humans", people(split), ("#ffffff",))):
            for number in range(count):
                text = glyphs[int(random.integers(len(glyphs)))]
                coat = str(random.choice(coats))
                found[f"{split}/{kind}/{number:03}.jpg"] = picture(glyph(font, text), coat, random)
    return found


def contact_sheet(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """Pictures side by side."""
    height = -(-len(pictures) // columns) * SIZE
    sheet = Image.new("RGB", (columns * SIZE, height))
    for index, each in enumerate(pictures):
        sheet.paste(each, (index % columns * SIZE, index // columns * SIZE))
    return sheet


def main(font_file: str, sheet: str) -> None:
    """Write the archive and a picture of some of it, and print the archive's checksum."""
    font = ImageFont.truetype(font_file, 109, layout_engine=ImageFont.Layout.RAQM)  # the size that its bitmaps have
    pictures = render(font)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, page in pictures.items():
            encoded = io.BytesIO()
            page.save(encoded, "JPEG", quality=QUALITY, optimize=True)
            archive.writestr(zipfile.ZipInfo(name), encoded.getvalue())
    TARGET.write_bytes(out.getvalue())
    some = [page for kind in ("horses", "humans") for name, page in pictures.items() if f"/{kind}/0" in name]
    contact_sheet(some, 28).save(sheet)
    print(f"{TARGET.name} {len(out.getvalue()):,} {hashlib.sha256(out.getvalue()).hexdigest()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
