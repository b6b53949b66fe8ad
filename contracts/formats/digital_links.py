"""Reading the application identifiers of a GS1 Digital Link URI.

The last key in the path is the primary one, what follows it are its qualifiers in their order;
the query holds attributes. What in a query is no number belongs to somebody else.
Source: GS1 Digital Link Standard: URI Syntax, "GS1 Digital Link URI syntax" (ABNF).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from contracts.formats.application_identifiers import FIELDS
from contracts.formats.element_strings import Element, NotAnElementString

SCHEMES = ("https://", "http://", "HTTPS://", "HTTP://")
# Source: RFC 3986 2 and 3.2.2; of registered names those of the DNS, and a port.
_NOT_OF_A_URI = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")
_DOMAIN = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?")


def read_link(uri: str, at: int = 0) -> tuple[Element, ...]:
    """The elements of a URI, path first. ``at`` is the offset of the URI in the scan.

    Raises: NotAnElementString with a rule of the URI syntax, or for an unknown identifier.
    """
    stray = _NOT_OF_A_URI.search(uri)
    if stray:
        raise NotAnElementString(
            f"{stray[0]!r} cannot stand in a URI", "link-form", at + stray.start()
        )
    place, _, query = uri.partition("#")[0].partition("?")
    start = place.index("://") + 3
    domain, slash, path = place[start:].partition("/")
    if not slash or not _DOMAIN.fullmatch(domain):
        raise NotAnElementString(
            f"{domain[:40]!r} is no domain with a path", "link-form", at + start
        )
    in_path = [*_path(path, at + start + len(domain) + 1)]
    in_query = [*_query(query, at + len(place) + 1)]
    _check_standing(in_path, in_query)
    return (*in_path, *in_query)


def _path(path: str, at: int) -> Iterator[Element]:
    segments = path.split("/")
    first = _primary_key(segments, at)
    here = at + sum(len(segment) + 1 for segment in segments[:first])
    for index in range(first, len(segments), 2):
        ai, value = segments[index], segments[index + 1]
        _check_known(ai, here)
        yield Element(ai, unquote(value, encoding="latin-1"), here)
        here += len(ai) + len(value) + 2


def _primary_key(segments: Sequence[str], at: int) -> int:
    """The index of the last segment that is a key with a value after it, counted in pairs."""
    for index in range(len(segments) - 2, -1, -2):
        field = FIELDS.get(segments[index])
        if field and field.path is not None:
            return index
    raise NotAnElementString("the path holds no key with its value", "link-without-key", at)


def _query(query: str, at: int) -> Iterator[Element]:
    here = at
    for parameter in query.split("&"):
        name, equals, value = parameter.partition("=")
        if equals and re.fullmatch("[0-9]+", name):
            _check_known(name, here)
            decoded = unquote(value.replace("+", " "), encoding="latin-1")
            yield Element(name, decoded, here)
        here += len(parameter) + 1


def _check_known(ai: str, at: int) -> None:
    if ai not in FIELDS:
        raise NotAnElementString(
            f"{ai[:10]!r} is no application identifier", "unknown-identifier", at
        )


def _check_standing(in_path: Sequence[Element], in_query: Sequence[Element]) -> None:
    """Raises: NotAnElementString where an identifier stands where it may not, or twice."""
    key, *qualifiers = (element.ai for element in in_path)
    if not _is_order(key, qualifiers):
        after = " ".join(f"({ai})" for ai in qualifiers)
        what = f"({key}) cannot be followed by {after}"
        raise NotAnElementString(what, "link-path", in_path[0].at)
    seen = {key, *qualifiers}
    for element in in_query:
        if element.ai in seen:
            raise NotAnElementString(f"({element.ai}) stands twice", "link-repeat", element.at)
        seen.add(element.ai)
        _check_attribute(key, qualifiers, element)


def _check_attribute(key: str, qualifiers: Sequence[str], element: Element) -> None:
    if not FIELDS[element.ai].attribute:
        raise NotAnElementString(
            f"({element.ai}) is no attribute of a link", "link-attribute", element.at
        )
    for place in range(len(qualifiers) + 1):
        if _is_order(key, [*qualifiers[:place], element.ai, *qualifiers[place:]]):
            raise NotAnElementString(
                f"({element.ai}) qualifies ({key}) and belongs into the path", "link-attribute",
                element.at,
            )


def _is_order(key: str, qualifiers: Sequence[str]) -> bool:
    """Whether the qualifiers stand in one of the orders that the key allows, some left out."""
    for order in FIELDS[key].path or ():
        rest = iter(order)
        if all(one in rest for one in qualifiers):
            return True
    return False
