"""The form of a meaning: HTTP status, whether it is final, who acts, in which words."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.model.codes.code import Actor


@dataclass(frozen=True)
class Meaning:
    """What a code means to the sender and to the person in front of the screen."""

    status: int
    definite: bool
    actor: Actor
    sentence: str


def final(status: int, actor: Actor, sentence: str) -> Meaning:
    """A code that repeating the same bytes does not change."""
    return Meaning(status, True, actor, sentence)


def again(status: int, sentence: str) -> Meaning:
    """A code after which the same message may be sent again."""
    return Meaning(status, False, Actor.SENDER, sentence)


SENDER, OPERATOR = Actor.SENDER, Actor.OPERATOR
QUALITY, ADMINISTRATOR = Actor.QUALITY, Actor.ADMINISTRATOR
