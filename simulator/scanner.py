"""A scanner: reads the symbols of a printed label from its image, as a camera on a line does."""

from __future__ import annotations

import base64
import io

import zxingcpp
from PIL import Image

_SYMBOLOGIES = zxingcpp.BarcodeFormats(
    [zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.DataMatrix]
)


class UnreadableLabel(ValueError):
    """No symbol could be read from the image."""


def read_image(image: str) -> tuple[str, ...]:
    """What a scanner sends for each symbol of a label, that with the most fields first.

    ``image`` is a PNG in base64. Raises: UnreadableLabel.
    """
    with Image.open(io.BytesIO(base64.b64decode(image))) as opened:
        found = zxingcpp.read_barcodes(
            opened.convert("L"), formats=_SYMBOLOGIES, text_mode=zxingcpp.TextMode.Plain
        )
    scans = [f"{symbol.symbology_identifier}{symbol.text}" for symbol in found]
    if not scans:
        raise UnreadableLabel("there is no symbol on the label")
    return tuple(sorted(scans, key=len, reverse=True))
