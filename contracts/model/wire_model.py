"""The common shape of everything that crosses an interface: frozen, closed, camelCase in JSON."""

from __future__ import annotations

from functools import cache
from typing import Any, Self

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
        use_attribute_docstrings=True,
        ser_json_timedelta="iso8601",
    )

    @classmethod
    def from_json(cls, content: Any) -> Self:
        """The value of a JSON document, read as the published schema reads it.

        Members go by their published names alone; what is optional is left out, never null.
        Raises: pydantic.ValidationError naming the first offending field.
        """
        read = cls.model_validate(content, by_alias=True, by_name=False)
        if _has_null(content):
            null = _first_null(content, ()) or ()
            raise _refused(cls, null, PydanticCustomError("null", "leave it out instead of null"))
        return read

    def to_json(self) -> dict[str, object]:
        """The JSON object, members in camelCase, absent optional members left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def _has_null(content: Any) -> bool:
    """Whether a null stands anywhere; most documents have none, so this is what has to be fast."""
    waiting = [content]
    while waiting:
        part = waiting.pop()
        if part is None:
            return True
        if isinstance(part, dict):
            waiting += [v for v in part.values() if v is None or isinstance(v, dict | list)]
        elif isinstance(part, list):
            waiting += [v for v in part if v is None or isinstance(v, dict | list)]
    return False


def _first_null(content: Any, location: Location) -> Location | None:
    if content is None:
        return location
    members: Any = ()
    if isinstance(content, dict):
        members = content.items()
    elif isinstance(content, list):
        members = enumerate(content)
    return next(
        (null for name, value in members
         if (null := _first_null(value, (*location, name))) is not None),
        None,
    )


def _refused(model: type[WireModel], at: Location, why: PydanticCustomError) -> ValidationError:
    return ValidationError.from_exception_data(
        model.__name__, [{"type": why, "loc": at, "input": None}]
    )
