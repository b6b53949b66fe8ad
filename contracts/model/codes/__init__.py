"""Every way to say no on an interface: a stable code, its HTTP status, who acts, in which words.

A code never changes its meaning. ``definite`` tells the sender that the operation was not done
and will not be done by repeating the same bytes; where it is false, the same message may be sent
again. The sentence is for the operator and says what to do next.
"""

from __future__ import annotations

from contracts.model.codes.code import Actor, Code
from contracts.model.codes.meaning import Meaning
from contracts.model.codes.meanings import MEANINGS
from contracts.model.codes.refusal import Refusal

__all__ = ["MEANINGS", "Actor", "Code", "Meaning", "Refusal"]
