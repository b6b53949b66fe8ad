"""What the codes about accounts mean."""

from __future__ import annotations

from contracts.model.codes.code import Code
from contracts.model.codes.meaning import ADMINISTRATOR as _A
from contracts.model.codes.meaning import OPERATOR as _O
from contracts.model.codes.meaning import Meaning
from contracts.model.codes.meaning import final as _final

PEOPLE_MEANINGS: dict[Code, Meaning] = {
    Code.UNKNOWN_ACCOUNT: _final(422, _A, "There is no such account; check the user id."),
    Code.ACCOUNT_DEACTIVATED: _final(
        422, _A, "This account was deactivated for ever; create one with a new user id."
    ),
    Code.ACCOUNT_UNCHANGED: _final(
        422, _A, "The account is in this state already; look it up in the access review."
    ),
    Code.PASSWORD_UNCHANGED: _final(
        422, _O, "This is the password that counts already; choose another one."
    ),
    Code.OWN_ACCOUNT: _final(
        422, _A,
        "Nobody changes an account of their own but its password; ask another administrator.",
    ),
    Code.DUTIES_NOT_COMPATIBLE: _final(
        422, _A, "Administrators do no GMP work; give these duties to two different people."
    ),
    Code.OWN_TRANSACTION: _final(
        422, _O, "You posted this yourself; another person has to approve its reversal."
    ),
}
