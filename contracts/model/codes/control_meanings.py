"""What the codes of alarms and time mean."""

from __future__ import annotations

from contracts.model.codes.code import Code
from contracts.model.codes.meaning import OPERATOR as _O
from contracts.model.codes.meaning import Meaning
from contracts.model.codes.meaning import again as _again
from contracts.model.codes.meaning import final as _final

CONTROL_MEANINGS: dict[Code, Meaning] = {
    Code.UNKNOWN_ALARM: _final(422, _O, "There is no such alarm; check the alarm log."),
    Code.ALARM_ACKNOWLEDGED: _final(
        422, _O, "Somebody has acknowledged this alarm; read the comment in the alarm log."
    ),
    Code.RECOVERING: _again(
        503, "This system was restored from a backup and has not heard yet from its partner what "
        "it has lost; nothing is done until then. If this lasts, tell IT."
    ),
    Code.SIGNED_BEFORE_RESTORE: _again(
        425, "This was signed before one of the two systems was restored from a backup, and may be "
        "a copy of what it has lost; sign it anew and send it again."
    ),
    Code.CLOCK_UNTRUSTED: _again(
        503, "The clock of this system is wrong; nothing that depends on the time is posted until "
        "an administrator has set it."
    ),
}
