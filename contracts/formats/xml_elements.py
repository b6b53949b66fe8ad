"""XML as a tree of plain values, read without mercy: no DTD, no entities, nothing fetched.

A document type declaration is refused before anything in it is read, so that no entity exists to
be expanded and no address to be followed. Size, depth and number of elements are bounded.
Source: XML 1.0 (5th edition) 2.8 and 4; Namespaces in XML 1.0; URS-INP-004.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import NoReturn
from xml.parsers import expat

BYTES_MAX = 32 * 1024 * 1024
DEPTH_MAX = 100
ELEMENTS_MAX = 200_000
ATTRIBUTES_MAX = 100
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XmlUnreadable(ValueError):
    """Bytes that are not one XML document that we read; the message says why and where."""


class XmlUnwritable(ValueError):
    """A text that XML 1.0 cannot carry, such as a control character."""


@dataclass
class XmlElement:
    """One element: its namespace, local name, attributes (by local name), text and children.

    ``text`` is the character data directly inside, as it stands; ``line`` counts from 1.
    """

    namespace: str
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[XmlElement] = field(default_factory=list)
    line: int = 0

    def every(self) -> Iterator[XmlElement]:
        """This element and everything below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.every()

    def named(self, *names: str) -> list[XmlElement]:
        """The children with one of these local names."""
        return [child for child in self.children if child.name in names]

    def first(self, name: str) -> XmlElement | None:
        """The first child of this local name."""
        return next(iter(self.named(name)), None)

    def value(self, name: str) -> str:
        """The text of the first child of this name without white space around it, or nothing."""
        found = self.first(name)
        return found.text.strip() if found else ""


def read_xml(data: bytes) -> XmlElement:
    """The root element of a document.

    Raises: XmlUnreadable for a document type declaration, bad syntax or encoding, an undeclared
    prefix, an attribute twice, or more than the bounds of this module.
    """
    if len(data) > BYTES_MAX:
        raise XmlUnreadable(f"{len(data)} bytes are more than {BYTES_MAX}")
    return _Reader().read(data)


def root_name(data: bytes) -> tuple[str, str] | None:
    """Namespace and local name of the root element, also where the rest is broken; else None."""
    reader = _Reader(root_only=True)
    try:
        root = reader.read(data[:65536])
    except XmlUnreadable:
        return None
    return root.namespace, root.name


def write_xml(root: XmlElement) -> bytes:
    """The document of ``root`` in UTF-8, indented; the namespace of the root is the default one.

    Raises: XmlUnwritable for a character that XML 1.0 does not know.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    _write(root, f' xmlns="{_text(root.namespace)}"', 0, lines)
    return ("\n".join(lines) + "\n").encode("utf-8")


class _RootSeen(Exception):
    """The root element has begun, and no more was wanted."""


class _Reader:
    """Builds the tree while expat reads."""

    def __init__(self, *, root_only: bool = False) -> None:
        self._root: XmlElement | None = None
        self._open: list[XmlElement] = []
        self._count = 0
        self._root_only = root_only
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self, data: bytes) -> XmlElement:
        """The root. Raises: XmlUnreadable."""
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as exc:
            raise XmlUnreadable(f"{expat.ErrorString(exc.code)} in line {exc.lineno}") from exc
        except (LookupError, ValueError) as exc:
            self._rethrow(exc)
        except _RootSeen:
            pass
        if self._root is None:
            raise XmlUnreadable("no element")
        return self._root

    def _rethrow(self, exc: Exception) -> NoReturn:
        """Our own refusals pass; what the codec of an odd encoding says becomes one of them."""
        if isinstance(exc, XmlUnreadable):
            raise exc
        raise XmlUnreadable(f"an encoding that cannot be read ({exc})") from exc

    def _doctype(self, *_: object) -> None:
        self._refuse("a document type declaration is not accepted")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > ELEMENTS_MAX:
            self._refuse(f"more than {ELEMENTS_MAX} elements")
        if len(self._open) >= DEPTH_MAX:
            self._refuse(f"elements nested deeper than {DEPTH_MAX}")
        if len(attributes) > ATTRIBUTES_MAX:
            self._refuse(f"more than {ATTRIBUTES_MAX} attributes")
        namespace, _, local = name.rpartition(" ")
        short = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = XmlElement(namespace, local, short, line=self._parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        if self._root_only:
            raise _RootSeen

    def _end(self, _: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        self._open[-1].text += text

    def _refuse(self, why: str) -> NoReturn:
        raise XmlUnreadable(f"{why} (line {self._parser.CurrentLineNumber})")


def _write(element: XmlElement, more: str, depth: int, lines: list[str]) -> None:
    indent = "  " * depth
    attributes = "".join(f' {name}="{_text(value)}"' for name, value in element.attributes.items())
    head = f"{indent}<{element.name}{more}{attributes}"
    if not element.children:
        text = _text(element.text)
        lines.append(f"{head}>{text}</{element.name}>" if text else f"{head}/>")
        return
    lines.append(head + ">")
    for child in element.children:
        _write(child, "", depth + 1, lines)
    lines.append(f"{indent}</{element.name}>")


def _text(value: str) -> str:
    wrong = _NOT_XML.search(value)
    if wrong:
        raise XmlUnwritable(f"XML cannot carry the character U+{ord(wrong[0]):04X}")
    return escape(value).replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")
