"""The one typeface of our paper: Source Sans Pro from its own package, never a system font.

A character that the typeface does not have would be printed as an empty box without a word of
warning. Such a character, and every invisible one, is written as its code point in brackets.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from io import BytesIO

from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]
from fontTools.pens.svgPathPen import SVGPathPen  # type: ignore[import-untyped]
from fontTools.pens.transformPen import TransformPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FAMILY = "GxProof Sans"
WEIGHTS = {400: "Regular", 600: "Semibold"}
_MM_PER_POINT = 25.4 / 72
_PLAIN = re.compile(r"[\n -~]*")


def font_bytes(style: str) -> bytes:
    """The font file of a style, such as ``Regular``. Raises: FileNotFoundError."""
    name = f"SourceSansPro-{style}.ttf"
    return files("font_source_sans_pro").joinpath("files", name).read_bytes()


def printable(text: str) -> str:
    """``text`` with every character that cannot be printed written as ``[U+XXXX]``."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_printable(character) for character in text)


def width_mm(text: str, points: float) -> float:
    """How wide a text runs at a size, set on one line, in the wider of our two weights."""
    font = _font("Semibold")
    cmap, advances = font.getBestCmap(), font["hmtx"]
    letters = printable(text).replace("\n", "")
    units = sum(advances[cmap[ord(letter)]][0] for letter in letters)
    return float(units / font["head"].unitsPerEm * points * _MM_PER_POINT)


def outline(word: str, height: float) -> tuple[str, float]:
    """A word as an SVG path with capitals ``height`` high, and its width. No text, no font."""
    font = _font("Semibold")
    glyphs, cmap = font.getGlyphSet(), font.getBestCmap()
    bounds = BoundsPen(glyphs)
    glyphs[cmap[ord("I")]].draw(bounds)
    scale = height / bounds.bounds[3]
    pen, at = SVGPathPen(glyphs, ntos=lambda v: f"{v:.1f}"), 0.0
    for character in word:
        glyph = glyphs[cmap[ord(character)]]
        glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, at, height)))
        at += glyph.width * scale
    return str(pen.getCommands()), at


@cache
def _font(style: str) -> TTFont:
    return TTFont(BytesIO(font_bytes(style)), lazy=True)


@cache
def _covered() -> frozenset[int]:
    maps = [set(_font(style).getBestCmap()) for style in WEIGHTS.values()]
    return frozenset(set.intersection(*maps))


@cache
def _printable(character: str) -> str:
    invisible = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    if character == "\n" or (ord(character) in _covered() and not invisible):
        return character
    return f"[U+{ord(character):04X}]"
