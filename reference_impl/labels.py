"""Drawing a logistic label: GS1-128 for the SSCC, GS1 DataMatrix for all its fields.

The image is what a person or camera sees; the ZPL says the same to a label printer.
Source: GS1 General Specifications 6 (logistic label), 7.8 (FNC1 ends a field of variable length).
"""

from __future__ import annotations

import base64
import io
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import zxingcpp
from PIL import Image

from contracts.formats.element_strings import FIELDS
from contracts.model.packing import LabelEncoding

_SIZE = (800, 460)
_LINEAR_AT, _MATRIX_AT = (40, 40), (560, 220)
# No lot or serial number can hold it: GS1 character set 82 has none.
_ESCAPE = "#"
_HEX = "\\"
_PLAIN = frozenset(string.ascii_letters + string.digits + " .,:;/()-+'")
# Source: ZPL II Programming Guide, ^CI: 28 is UTF-8, 27 is code page 1252.
_SETS = {LabelEncoding.UTF_8: "^CI28", LabelEncoding.WINDOWS_1252: "^CI27"}


@dataclass(frozen=True)
class DrawnLabel:
    """A print job. ``image`` is a PNG in base64."""

    element_strings: tuple[str, ...]
    image: str
    zpl: str


def draw_label(
    fields: Mapping[str, str], texts: Sequence[str], encoding: LabelEncoding
) -> DrawnLabel:
    """The label with these fields; one that says nothing but the SSCC has no second symbol.

    ``texts`` are its other lines, each of whose letters is one of the ``encoding``.
    """
    linear = {"00": fields["00"]}
    symbols = [linear] if fields == linear else [linear, dict(fields)]
    canvas = Image.new("1", _SIZE, 1)
    canvas.paste(_symbol(linear, zxingcpp.BarcodeFormat.Code128, 3), _LINEAR_AT)
    if len(symbols) > 1:
        canvas.paste(_symbol(fields, zxingcpp.BarcodeFormat.DataMatrix, 6), _MATRIX_AT)
    shown = io.BytesIO()
    canvas.save(shown, "PNG", compress_level=1)
    return DrawnLabel(
        tuple(_readable(symbol) for symbol in symbols),
        base64.b64encode(shown.getvalue()).decode(),
        _zpl(fields, [_hex(text, encoding) for text in texts], _SETS[encoding],
             with_matrix=len(symbols) > 1),
    )


def _symbol(
    fields: Mapping[str, str], symbology: zxingcpp.BarcodeFormat, scale: int
) -> Image.Image:
    bracketed = "".join(f"[{ai}]{value}" for ai, value in fields.items())
    square = {"force_square": True} if symbology == zxingcpp.BarcodeFormat.DataMatrix else {}
    barcode = zxingcpp.create_barcode(bracketed, symbology, gs1=True, **square)
    return Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=scale)).convert("1")


def _readable(fields: Mapping[str, str]) -> str:
    return "".join(f"({ai}){value}" for ai, value in fields.items())


def _zpl(
    fields: Mapping[str, str], texts: Sequence[str], character_set: str, *, with_matrix: bool
) -> str:
    lines = ["^XA", character_set, f"^FO40,40^BY3^BCN,160,N,N,N,D^FD(00){fields['00']}^FS"]
    if with_matrix:
        data = _ESCAPE + "1" + _with_separators(fields)
        lines.append(f"^FO560,220^BXN,6,200,,,,{_ESCAPE},1^FD{data}^FS")
    for line, (ai, value) in enumerate(fields.items()):
        lines.append(f"^FO40,{230 + 40 * line}^A0N,30^FD({ai}) {value}^FS")
    for line, said in enumerate(texts):
        lines.append(f"^FO560,{20 + 36 * line}^A0N,26^FH{_HEX}^FD{said}^FS")
    return "\n".join([*lines, "^XZ"])


def _hex(text: str, encoding: LabelEncoding) -> str:
    """Letters and figures as they are; every other byte as a number, so that none commands."""
    return "".join(
        chr(byte) if byte < 0x80 and chr(byte) in _PLAIN else f"{_HEX}{byte:02X}"
        for byte in text.encode(encoding.value)
    )


def _with_separators(fields: Mapping[str, str]) -> str:
    parts = []
    for index, (ai, value) in enumerate(fields.items()):
        is_last = index == len(fields) - 1
        parts.append(f"{ai}{value}" + ("" if FIELDS[ai].fixed or is_last else _ESCAPE + "1"))
    return "".join(parts)
