"""The common shape of everything that crosses an interface: frozen, closed, camelCase in JSON."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, ClassVar, LiteralString, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

Location = tuple[int | str, ...]


@cache
def member_name(field: str) -> str:
    """The name in JSON of a field: ``lot_id`` is ``lotId``."""
    return to_camel(field)


class WireModel(BaseModel):
    """A value that is read from or written to JSON. Unknown members are refused (URS-INP-003)."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=member_name,
        populate_by_name=True,
        ser_json_timedelta="iso8601",
    )

    foreign: ClassVar[frozenset[str]] = frozenset()
    """Members, at any level, whose content another standard writes: its numbers may have a point.
    They are read digit by digit and become no binary float."""

    @classmethod
    def from_json(cls, content: Any) -> Self:
        """The value of a JSON document, read as the published schema reads it.

        Members go by their published names alone; what is optional is left out, never null. No
        number has a point: a reader would make a binary float of it (URS-UOM-001).
        Raises: pydantic.ValidationError naming the first offending field.
        """
        read = cls.model_validate(content, by_alias=True, by_name=False)
        found = _first_unwritten(content, (), cls.foreign) if _has_unwritten(content) else None
        if found:
            at, part = found
            raise _refused(cls, at, PydanticCustomError("unwritten", _why(part)))
        return read

    def to_json(self) -> dict[str, object]:
        """The JSON object, members in camelCase, absent optional members left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


_UNWRITTEN = (NoneType, Decimal, float)
_VISITED = (*_UNWRITTEN, dict, list)


def _has_unwritten(content: Any) -> bool:
    """Whether a null or a number with a point stands anywhere; the fast way to know of none."""
    waiting = [content]
    while waiting:
        part = waiting.pop()
        if isinstance(part, _UNWRITTEN):
            return True
        if isinstance(part, dict):
            waiting += [
                v for v in part.values() if type(v) is not str and isinstance(v, _VISITED)
            ]
        elif isinstance(part, list):
            waiting += [v for v in part if isinstance(v, _VISITED)]
    return False


def _first_unwritten(
    content: Any, location: Location, foreign: frozenset[str]
) -> tuple[Location, Any] | None:
    if isinstance(content, Decimal) and not foreign.isdisjoint(location):
        return None
    if isinstance(content, _UNWRITTEN):
        return location, content
    members: Any = ()
    if isinstance(content, dict):
        members = content.items()
    elif isinstance(content, list):
        members = enumerate(content)
    return next(
        (found for name, value in members
         if (found := _first_unwritten(value, (*location, name), foreign)) is not None),
        None,
    )


def _why(part: Any) -> LiteralString:
    if part is None:
        return "leave it out instead of null"
    return "write a decimal as a string, not as a number with a point"


def _refused(model: type[WireModel], at: Location, why: PydanticCustomError) -> ValidationError:
    return ValidationError.from_exception_data(
        model.__name__, [{"type": why, "loc": at, "input": None}]
    )
