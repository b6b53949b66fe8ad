"""The pale word across the pages of a document that nobody may take for an approved one."""

from __future__ import annotations

from reports.typeface import outline


def watermark(word: str) -> str:
    """A pale word across the page as an SVG data address: outlines only, so it is never text."""
    path, width = outline(word, 60)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {width:.0f}">'
        f'<path transform="rotate(-45 {width / 2:.0f} {width / 2:.0f}) '
        f'translate(0 {width / 2 - 30:.0f})" fill="#f0f0f0" d="{path}"/></svg>'
    )
    return "data:image/svg+xml," + svg.replace("#", "%23").replace('"', "'").replace(" ", "%20")
