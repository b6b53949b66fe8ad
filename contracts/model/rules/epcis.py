"""Rules about events: what is told of every transaction, captured, asked for and corrected."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.roles import Role
from contracts.model.rules.rule import BusinessRule

_CAPTURE = tuple(f"{role}/capture-events" for role in Role)
_CORRECT = tuple(f"{role}/correct-event" for role in Role)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-EPC-001", "URS-EPC-003",
                 "Every posted message gives exactly the events of its row in the table of "
                 "transactions, once, in the transaction that posts it, at its sender and at its "
                 "receiver.",
                 Code.EVENT_ID_CONFLICT, ()),
    BusinessRule("FRS-EPC-002", "URS-EPC-001",
                 "The id of an event of a system's own is the hash of what the event says.",
                 Code.EVENT_ID_CONFLICT, ()),
    BusinessRule("FRS-EPC-003", "URS-EPC-001",
                 "An event has the members that its type has in EPCIS 2.0, in their form, and "
                 "words of the CBV or URIs where words are wanted.",
                 Code.EVENT_MALFORMED, _CAPTURE),
    BusinessRule("FRS-EPC-004", "URS-EPC-001",
                 "GS1 keys in an event have their form and check digit; an object stands once, "
                 "and neither a class among objects nor an object as a class.",
                 Code.EVENT_KEY_WRONG, _CAPTURE),
    BusinessRule("FRS-EPC-005", "URS-EPC-001",
                 "Quantities in an event are not negative, whole where they count pieces, and in "
                 "units of UN/ECE Rec 20 that are in force.",
                 Code.EVENT_QUANTITY_WRONG, _CAPTURE),
    BusinessRule("FRS-EPC-006", "URS-EPC-001",
                 "Step, action, disposition and parent of an event do not contradict each other.",
                 Code.EVENT_CONTRADICTORY, _CAPTURE),
    BusinessRule("FRS-EPC-007", "URS-EPC-001",
                 "An event id belongs to one event: known with the same content it is taken for "
                 "the same event, with other content it is refused; a hash id is the event's own.",
                 Code.EVENT_ID_CONFLICT, _CAPTURE),
    BusinessRule("FRS-EPC-008", "URS-EPC-002",
                 "The time of a captured event is not further ahead of its recording than the "
                 "site allows; of an event that a fact tells, that is alarmed.",
                 Code.EVENT_IN_FUTURE, (*_CAPTURE, *_CORRECT)),
    BusinessRule("FRS-EPC-009", "URS-EPC-002",
                 "The record time of an event is the instant of its recording, whatever the sender "
                 "wrote; the event keeps its offset.",
                 Code.EVENT_MALFORMED, ()),
    BusinessRule("FRS-EPC-010", "URS-EPC-001",
                 "An error declaration repeats an event that is known, with its id, and names "
                 "corrective events that are known or told with it; the event itself stays.",
                 Code.UNKNOWN_EVENT, (*_CAPTURE, *_CORRECT)),
    BusinessRule("FRS-EPC-011", "URS-EPC-001",
                 "An event is declared an error only by the system that told it.",
                 Code.EVENT_NOT_OWN, (*_CAPTURE, *_CORRECT)),
    BusinessRule("FRS-EPC-012", "URS-EPC-001",
                 "An event is declared an error once.",
                 Code.EVENT_DECLARED, (*_CAPTURE, *_CORRECT)),
    BusinessRule("FRS-EPC-013", "URS-EPC-001",
                 "A correction says something else than the event, of what the event has.",
                 Code.NOTHING_TO_CORRECT, _CORRECT),
    BusinessRule("FRS-EPC-014", "URS-EPC-001",
                 "A correction has a reason of at least five characters, blanks not counted.",
                 Code.REASON_TOO_SHORT, _CORRECT),
)
