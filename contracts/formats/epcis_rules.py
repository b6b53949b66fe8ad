"""The rules that EPCIS documents are checked against, by stable name, and what each one breaks."""

from __future__ import annotations

from contracts.formats.findings import Finding, Severity

RULES: dict[str, str] = {
    # form
    "unreadable": "nothing in the document can be used",
    "not-epcis": "a receiver finds no event in it",
    "wrapper-incomplete": "a receiver cannot tell which version and vocabulary hold",
    "no-event": "nothing was told",
    "event-type-unknown": "a receiver cannot tell what happened",
    "member-missing": "a receiver refuses the event, or guesses",
    "member-unknown": "a receiver refuses the event, or loses what it says",
    "member-twice": "receivers disagree which of the two holds",
    "member-misplaced": "a receiver that validates with the XML schema refuses the event",
    "type-wrong": "a receiver refuses the event, or reads something else",
    "time-malformed": "the event has no place in time",
    "time-without-seconds": "a strict receiver refuses the time",
    "offset-malformed": "the local time of the event is lost",
    "uri-malformed": "the identifier leads nowhere",
    "word-unknown": "the business context is lost at the receiver",
    "word-spelling": "a strict receiver refuses the spelling of a standard word",
    "action-unknown": "a receiver cannot tell whether something began or ended",
    "ilmd-misplaced": "master data of an instance is told only where it begins",
    "object-missing": "the event is about nothing",
    "unit-malformed": "the quantity cannot be compared or added",
    "beyond-json-schema": "a receiver that validates with the JSON schema refuses the event",
    "query-parameter-unknown": "the query cannot be answered",
    "query-value-malformed": "the query cannot be answered",
    "query-name-missing": "the query cannot be answered",
    # meaning
    "parent-missing": "nobody knows into or out of what the children went",
    "parent-is-child": "the unit contains itself: a walk over contents never ends",
    "identifier-twice": "the same object is counted twice",
    "identifier-twice-spelled": "a receiver that compares spellings counts the object twice",
    "quantity-negative": "the balance of the lot is wrong",
    "quantity-fraction-of-pieces": "without a unit a quantity counts pieces, and a part is none",
    "unit-deleted": "the unit means something else, or nothing",
    "unit-deprecated": "a receiver may not know the unit any more",
    "unit-unknown": "the quantity cannot be compared or added",
    "unit-without-quantity": "a unit without an amount says nothing",
    "time-in-future": "the event cannot have happened; what is sorted by time goes wrong",
    "key-malformed": "the identifier names another object, or none",
    "check-digit-wrong": "a mistyped key names another object, or none",
    "class-among-instances": "a class is taken for one object",
    "instance-as-class": "one object is taken for a class with an amount",
    "disposition-contradicts-step": "the object cannot be in this state after this step",
    "action-contradicts-step": "the object begins or ends where it only was seen, or the reverse",
    "event-id-twice": "the second event is taken for a repetition and lost",
}


def finding(
    place: str, rule: str, what: str, severity: Severity = Severity.ERROR
) -> Finding:
    """A finding by a rule of the table. Raises: KeyError for a rule that is not in it."""
    return Finding(place or "/", rule, severity, what, RULES[rule])


def notice(place: str, rule: str, what: str) -> Finding:
    """A finding that a person should look at, and that refuses nothing."""
    return finding(place, rule, what, Severity.NOTICE)


def shown(value: object) -> str:
    """A value as a finding quotes it: at most 80 characters."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."
