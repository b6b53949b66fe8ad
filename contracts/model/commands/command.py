"""What every command of the operator group has: a key of its own, and how people sign."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, TypeVar, get_args

from pydantic import StringConstraints

from contracts.model.identifiers import Id
from contracts.model.second_factor import OneTimeCode
from contracts.model.wire_model import WireModel

Secret = Annotated[str, StringConstraints(min_length=1, max_length=128)]
NewPassword = Annotated[str, StringConstraints(min_length=8, max_length=128)]
Reason = Annotated[str, StringConstraints(max_length=500)]
Scan = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Command(WireModel):
    """A command. ``key`` identifies it at the system that receives it."""

    @property
    def key(self) -> str:
        """The identity of the business event that the command records."""
        raise NotImplementedError


class SignatureComponents(WireModel):
    """The components of an electronic signature and its meaning. Source: 21 CFR 11.200(a).

    ``code`` is what the person's authenticator shows: needed for the first signature in a session,
    and again after its end, a lock, new credentials or 15 idle minutes.
    """

    user_id: Id
    password: Secret
    code: OneTimeCode | None = None
    meaning: Annotated[str, StringConstraints(min_length=3, max_length=100)]


@cache
def may_be_signed(model: type[WireModel]) -> bool:
    """Whether a model has a place for a person's signature, by what its members are declared as.

    ``Any``, ``object``, a type variable and a model without members may stand for one that has.
    """
    return _has_place(model, frozenset())


def _has_place(declared: Any, around: frozenset[Any]) -> bool:
    """The same of anything declared inside the models ``around`` it."""
    if declared in (Any, object) or isinstance(declared, TypeVar):
        return True
    if isinstance(declared, type) and issubclass(declared, WireModel):
        if declared in around:
            return False
        members = declared.model_fields.values()
        return not members or issubclass(declared, SignatureComponents) or any(
            _has_place(member.annotation, around | {declared}) for member in members
        )
    return any(_has_place(part, around) for part in get_args(declared))
