"""Long lists on paper: tens of thousands of entries, each whole, in seconds.

Layout costs 2 ms a cell where boxes are laid out; here a line is a line. Entries are broken between
words by the widths of the letters, a page is one stream of text, and the typeface is ours, embedded
with what it takes to search and copy the text. Source: URS-AUD-008.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from reports.typeface import font_bytes, printable

_WIDTH, _HEIGHT, _MARGIN = 842.0, 595.0, 28.0
_SIZE, _LEADING = 6.5, 7.6
_INDENT = 14.0
_LINES = int((_HEIGHT - 2 * _MARGIN - 3 * _LEADING) / _LEADING)


@dataclass(frozen=True)
class ListText:
    """What stands on the pages beside the entries: a title, opening lines, a foot of every page."""

    title: str
    opening: tuple[str, ...]
    foot: str


def print_list(text: ListText, entries: Iterable[str]) -> bytes:
    """The PDF of a list, A4 across; the same text gives the same bytes."""
    letters = _Letters()
    pages = list(_pages(letters, text, entries))
    pdf = Pdf.new()
    font = pdf.make_indirect(Dictionary())
    resources = pdf.make_indirect(Dictionary(Font=Dictionary(F1=font)))
    for number, lines in enumerate(pages, 1):
        content = _stream(letters, lines, f"{text.foot} · page {number} of {len(pages)}")
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(Dictionary(
            Type=Name.Page, MediaBox=Array([0, 0, _WIDTH, _HEIGHT]), Resources=resources,
            Contents=_compressed(pdf, content),
        ))))
    for name, value in letters.embedded(pdf).items():
        font[name] = value
    pdf.Root.Lang = "en"
    pdf.docinfo["/Title"] = text.title
    out = BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


# A line of a page: how far it is set in, and its text.
_Line = tuple[float, str]


def _pages(letters: _Letters, text: ListText, entries: Iterable[str]) -> Iterator[list[_Line]]:
    """Lines by page; an entry may go on over a page, so nothing is ever cut."""
    page: list[_Line] = []
    for entry in (text.title, *text.opening, "", *entries):
        for line in letters.broken(printable(entry)):
            if len(page) == _LINES:
                yield page
                page = []
            page.append(line)
    yield page


def _stream(letters: _Letters, lines: list[_Line], foot: str) -> bytes:
    parts = [b"BT /F1 %.2f Tf %.2f TL 1 0 0 1 %.2f %.2f Tm\n"
             % (_SIZE, _LEADING, _MARGIN, _HEIGHT - _MARGIN - _SIZE)]
    at = 0.0
    for indent, line in lines:
        parts.append(b"%.2f %.2f Td <%s> Tj\n" % (indent - at, -_LEADING, letters.hex(line)))
        at = indent
    parts.append(b"1 0 0 1 %.2f %.2f Tm <%s> Tj ET"
                 % (_MARGIN, _MARGIN / 2, letters.hex(printable(foot))))
    return b"".join(parts)


def _compressed(pdf: Pdf, content: bytes) -> Stream:
    return Stream(pdf, zlib.compress(content, 6), Dictionary(Filter=Name.FlateDecode))


class _Letters:
    """The letters of our typeface by number: how wide each is, and which were used."""

    def __init__(self) -> None:
        self._raw = font_bytes("Regular")
        font = TTFont(BytesIO(self._raw))
        self._per_em = font["head"].unitsPerEm
        numbers = font.getReverseGlyphMap()
        named = font.getBestCmap()
        self._number = {chr(code): numbers[name] for code, name in named.items()}
        self._hex = {letter: b"%04x" % number for letter, number in self._number.items()}
        advances = font["hmtx"]
        self._advance = {chr(code): advances[name][0] for code, name in named.items()}
        self._used: set[str] = set()

    def hex(self, line: str) -> bytes:
        """A line as the numbers of its letters."""
        self._used.update(line)
        return b"".join(map(self._hex.__getitem__, line))

    def broken(self, entry: str) -> Iterator[_Line]:
        """An entry in lines, all but the first set in; words longer than a line are divided."""
        room = (_WIDTH - 2 * _MARGIN) / _SIZE * self._per_em
        for paragraph in entry.split("\n"):
            line, indent, left = "", 0.0, room
            for word in self._words(paragraph, room):
                width = self._width(word)
                if width > left and line:
                    yield indent, line.rstrip()
                    line, indent = "", _INDENT
                    left = room - _INDENT / _SIZE * self._per_em
                line += word
                left -= width
            yield indent, line.rstrip()

    def embedded(self, pdf: Pdf) -> dict[str, object]:
        """The font with the letters that were used, as the pages name it."""
        used = sorted(self._used)
        program = Stream(pdf, self._subset(used))
        widths = Array()
        for letter in used:
            widths.append(self._number[letter])
            widths.append(Array([self._of_thousand(letter)]))
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name("/GXPROF+GxProofSans"), Flags=32,
            FontBBox=Array([-200, -300, 1200, 1000]), ItalicAngle=0, Ascent=984, Descent=-273,
            CapHeight=660, StemV=80, FontFile2=pdf.make_indirect(program),
        )
        descendant = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/GXPROF+GxProofSans"),
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"),
                Supplement=0,
            ),
            CIDToGIDMap=Name.Identity, W=widths, FontDescriptor=pdf.make_indirect(descriptor),
        )
        return {
            "/Type": Name.Font, "/Subtype": Name.Type0, "/Encoding": Name("/Identity-H"),
            "/BaseFont": Name("/GXPROF+GxProofSans"),
            "/DescendantFonts": Array([pdf.make_indirect(descendant)]),
            "/ToUnicode": pdf.make_indirect(Stream(pdf, self._to_unicode(used))),
        }

    def _words(self, paragraph: str, room: float) -> Iterator[str]:
        narrowest = room - 2 * _INDENT / _SIZE * self._per_em
        for word in paragraph.split(" "):
            rest = f"{word} "
            while self._width(rest) > narrowest:
                end = self._fitting(rest, narrowest)
                yield rest[:end]
                rest = rest[end:]
            yield rest

    def _fitting(self, word: str, room: float) -> int:
        taken = 0.0
        for place, letter in enumerate(word):
            taken += self._advance[letter]
            if taken > room:
                return place
        return len(word)

    def _width(self, text: str) -> float:
        return float(sum(map(self._advance.__getitem__, text)))

    def _of_thousand(self, letter: str) -> int:
        return int(self._advance[letter] * 1000 / self._per_em + 0.5)

    def _subset(self, used: list[str]) -> bytes:
        options = subset.Options(retain_gids=True, notdef_outline=True, layout_features=[])
        options.drop_tables += ["GSUB", "GPOS", "GDEF"]
        font = TTFont(BytesIO(self._raw), recalcTimestamp=False)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[ord(letter) for letter in used])
        cutter.subset(font)
        out = BytesIO()
        font.save(out)
        return out.getvalue()

    def _to_unicode(self, used: list[str]) -> bytes:
        pairs = [
            b"<%04x> <%s>" % (self._number[c], c.encode("utf-16-be").hex().encode()) for c in used
        ]
        blocks = [pairs[n:n + 100] for n in range(0, len(pairs), 100)]
        mapped = b"".join(
            b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), b"\n".join(block))
            for block in blocks
        )
        return (
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
            b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
            + mapped +
            b"endcmap CMapName currentdict /CMap defineresource pop end end"
        )
