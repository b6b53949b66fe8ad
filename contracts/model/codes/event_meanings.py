"""What the codes of events mean."""

from __future__ import annotations

from contracts.model.codes.code import Code
from contracts.model.codes.meaning import OPERATOR as _O
from contracts.model.codes.meaning import SENDER as _S
from contracts.model.codes.meaning import Meaning
from contracts.model.codes.meaning import final as _final

EVENT_MEANINGS: dict[Code, Meaning] = {
    # events
    Code.EVENT_MALFORMED: _final(
        422, _S, "The event has not the form of EPCIS 2.0; correct the named member."
    ),
    Code.EVENT_KEY_WRONG: _final(
        422, _S, "The identifier names another object, or none; correct the named member."
    ),
    Code.EVENT_QUANTITY_WRONG: _final(
        422, _S, "The quantity or its unit cannot be so; correct the named member."
    ),
    Code.EVENT_CONTRADICTORY: _final(
        422, _S, "The event contradicts itself; correct its step, action, disposition or parent."
    ),
    Code.EVENT_IN_FUTURE: _final(
        422, _S, "The event lies ahead of the site clock; check the clock, then send it again."
    ),
    Code.EVENT_ID_CONFLICT: _final(
        422, _S, "This event id belongs to another event; send the event under its own id."
    ),
    Code.UNKNOWN_EVENT: _final(
        422, _O, "There is no such event here; check the event id."
    ),
    Code.EVENT_NOT_OWN: _final(
        422, _O, "Another system told this event; let it be corrected there."
    ),
    Code.EVENT_DECLARED: _final(
        422, _O, "This event was declared an error before; correct its corrective event."
    ),
    Code.NOTHING_TO_CORRECT: _final(
        422, _O, "The correction says nothing else than the event; check what was wrong."
    ),
}
