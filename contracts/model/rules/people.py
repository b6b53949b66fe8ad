"""Rules about people: their credentials, sessions and duties, and who looks after them."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.operations import OPERATIONS, Access
from contracts.model.rules.rule import BusinessRule

_SIGN_IN = tuple(o.id for o in OPERATIONS.values() if o.access is Access.CREDENTIALS)
_OF_SYSTEMS = tuple(o.id for o in OPERATIONS.values() if o.access is Access.SIGNATURE)
_IN_SESSION = tuple(o.id for o in OPERATIONS.values() if o.access is Access.SESSION)

_CREATE = ("mes/create-account", "wms/create-account")
_LOAD = ("mes/stimulus/load", "wms/stimulus/load")
_ASSIGN = ("mes/assign-duties", "wms/assign-duties")
_CHANGE = ("mes/change-account", "wms/change-account")
_RESET = ("mes/reset-credentials", "wms/reset-credentials")
_SIGNING = ("mes/keep-signing-records", "wms/keep-signing-records")
_SERVICE = ("mes/change-service-account", "wms/change-service-account")
_REVIEW = ("mes/access-review", "wms/access-review")
_OF_A_PERSON = (*_ASSIGN, *_CHANGE, *_RESET, *_SIGNING)
_ALL = (*_CREATE, *_OF_A_PERSON, *_SERVICE)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-IAM-003", "URS-IAM-003",
                 "Who has the duty of an administrator has none that creates, changes, approves "
                 "or releases GMP records.",
                 Code.DUTIES_NOT_COMPATIBLE, (*_CREATE, *_ASSIGN, *_LOAD)),
    BusinessRule("FRS-IAM-013", "URS-IAM-003",
                 "Nobody changes the account of their own.",
                 Code.OWN_ACCOUNT, _OF_A_PERSON),
    BusinessRule("FRS-IAM-014", "URS-IAM-003",
                 "What an administrator does about an account has a reason of at least five "
                 "characters.",
                 Code.REASON_TOO_SHORT, _ALL),
    BusinessRule("FRS-IAM-004", "URS-IAM-004",
                 "Who posted a transaction does not declare its event an error.",
                 Code.OWN_TRANSACTION, ("mes/correct-event", "wms/correct-event")),
    BusinessRule("FRS-IAM-005", "URS-IAM-005",
                 "A user id that was ever issued, to a person or a system, is not issued again.",
                 Code.ALREADY_EXISTS, _CREATE),
    BusinessRule("FRS-IAM-015", "URS-IAM-005",
                 "A deactivated account stays, with its id, and is never used or changed again.",
                 Code.ACCOUNT_DEACTIVATED, _OF_A_PERSON),
    BusinessRule("FRS-IAM-016", "URS-IAM-006",
                 "An account that is not locked is not unlocked, a state is not entered twice, and "
                 "a reset sets something.",
                 Code.ACCOUNT_UNCHANGED, (*_CHANGE, *_SERVICE, *_RESET)),
    BusinessRule("FRS-IAM-017", "URS-IAM-007",
                 "An account of a person or a system that does not exist is not changed.",
                 Code.UNKNOWN_ACCOUNT, (*_OF_A_PERSON, *_SERVICE)),
    BusinessRule("FRS-IAM-006", "URS-IAM-006",
                 "The fifth failed authentication in a row, of sign-ins and signatures together, "
                 "locks the account and raises an alarm; its sessions end with it.",
                 Code.UNAUTHENTICATED, _SIGN_IN),
    BusinessRule("FRS-IAM-007", "URS-IAM-007",
                 "A one-time code counts one step before and after its own, and only if no later "
                 "or equal one was accepted before.",
                 Code.UNAUTHENTICATED, _SIGN_IN),
    BusinessRule("FRS-IAM-018", "URS-IAM-007",
                 "Revoked sessions, authenticators and service accounts count no more from the "
                 "next call on.",
                 Code.UNAUTHENTICATED, ()),
    BusinessRule("FRS-IAM-008", "URS-IAM-008",
                 "The access review shows every account of a person and of a system.",
                 Code.NOT_PERMITTED, _REVIEW),
    BusinessRule("FRS-IAM-009", "URS-IAM-009",
                 "A session ends 15 minutes after its last use; nobody can ask for more.",
                 Code.UNAUTHENTICATED, _IN_SESSION),
    BusinessRule("FRS-SVC-001", "URS-SVC-001",
                 "The account of a system calls what its own list names; anything else is denied "
                 "and journalled.",
                 Code.NOT_PERMITTED, _OF_SYSTEMS),
    BusinessRule("FRS-SVC-002", "URS-SVC-002",
                 "People sign in and act at terminals alone, never over the certificate of the "
                 "other system; the account of a system has no password.",
                 Code.NOT_PERMITTED, _SIGN_IN),
    BusinessRule("FRS-SVC-003", "URS-SVC-003",
                 "What people show and are given is no part of what is kept, compared or logged of "
                 "a command; of a password its hash is kept, of a session's token its digest.",
                 Code.NOT_PERMITTED, ()),
)
