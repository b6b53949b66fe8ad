"""Rules about people: their credentials, sessions and duties, and who looks after them."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.operations import OPERATIONS, Access
from contracts.model.rules.rule import BusinessRule

_SIGN_IN = tuple(o.id for o in OPERATIONS.values() if o.access is Access.CREDENTIALS)
_IN_SESSION = tuple(o.id for o in OPERATIONS.values() if o.access is Access.SESSION)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-IAM-006", "URS-IAM-006",
                 "The fifth failed authentication in a row, of sign-ins and signatures together, "
                 "locks the account and raises an alarm; its sessions end with it.",
                 Code.UNAUTHENTICATED, _SIGN_IN),
    BusinessRule("FRS-IAM-007", "URS-IAM-007",
                 "A one-time code counts one step before and after its own, and only if no later "
                 "or equal one was accepted before.",
                 Code.UNAUTHENTICATED, _SIGN_IN),
    BusinessRule("FRS-IAM-009", "URS-IAM-009",
                 "A session ends 15 minutes after its last use; nobody can ask for more.",
                 Code.UNAUTHENTICATED, _IN_SESSION),
)
