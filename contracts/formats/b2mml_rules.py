"""The rules that foreign B2MML is judged by: their names, and what each of them would break.

A rule never changes its meaning. The schema of B2MML says nothing about any of them but the few
about form; amounts and codes are free text there, and times need no offset.
"""

from __future__ import annotations

from enum import StrEnum

from contracts.formats.b2mml_spots import Spot
from contracts.formats.findings import Finding, Severity


class Rule(StrEnum):
    """The name of a rule, as it is printed."""

    XML_UNREADABLE = "xml-unreadable"
    NAMESPACE_WRONG = "b2mml-namespace-wrong"
    VERSION_UNKNOWN = "b2mml-version-unknown"
    NAMESPACES_MIXED = "b2mml-namespaces-mixed"
    VERSIONS_MIXED = "b2mml-versions-mixed"
    NO_TRANSACTION = "b2mml-no-transaction"
    APPLICATION_AREA_MISSING = "application-area-missing"
    DATA_AREA_MISSING = "data-area-missing"
    VERB_DIFFERS = "verb-differs"
    NOUN_MISSING = "noun-missing"
    SENDER_MISSING = "sender-missing"
    MESSAGE_ID_MISSING = "message-id-missing"
    CREATION_TIME_MISSING = "creation-time-missing"
    MESSAGE_REPEATED = "message-repeated"
    MESSAGE_ID_REUSED = "message-id-reused"
    RESPONSE_REPEATED = "response-repeated"
    NOTHING_ACKNOWLEDGED = "nothing-acknowledged"
    ACKNOWLEDGEMENT_MISSING = "acknowledgement-missing"
    CONFIRMATION_NOT_ASKED = "confirmation-not-asked"
    ORIGINAL_MISSING = "original-missing"
    ID_MISSING = "id-missing"
    ID_REPEATED = "id-repeated"
    ID_WITH_SPACES = "id-with-spaces"
    MATERIAL_UNNAMED = "material-unnamed"
    LOT_UNNAMED = "lot-unnamed"
    LOT_SUBLOT_STATUS = "lot-sublot-status"
    SUBLOT_LOOSER_THAN_LOT = "sublot-looser-than-lot"
    STATUS_CONTRADICTS = "status-contradicts"
    SUBLOT_OF_TWO_LOTS = "sublot-of-two-lots"
    UNIT_UNKNOWN = "unit-unknown"
    UNIT_DELETED = "unit-deleted"
    UNIT_DEPRECATED = "unit-deprecated"
    UNIT_MISSING = "unit-missing"
    QUANTITY_NOT_A_NUMBER = "quantity-not-a-number"
    QUANTITY_NEGATIVE = "quantity-negative"
    QUANTITY_BINARY = "quantity-binary"
    QUANTITY_TOO_LONG = "quantity-too-long"
    VALUE_NOT_OF_ITS_TYPE = "value-not-of-its-type"
    CODE_UNKNOWN = "code-unknown"
    SSCC_CHECK_DIGIT = "sscc-check-digit"
    GTIN_CHECK_DIGIT = "gtin-check-digit"
    GLN_CHECK_DIGIT = "gln-check-digit"
    GS1_KEY_SHAPE = "gs1-key-shape"
    TIME_INVALID = "time-invalid"
    TIME_FRACTION_TOO_LONG = "time-fraction-too-long"
    TIME_WITHOUT_OFFSET = "time-without-offset"
    TIME_OUT_OF_RANGE = "time-out-of-range"
    PERIOD_REVERSED = "period-reversed"
    NOT_READ = "not-read"
    WANTED_BY_V0701 = "wanted-by-v0701"


BREAKS: dict[Rule, str] = {
    Rule.XML_UNREADABLE: "no receiver can read it, or only by trusting what it must not trust",
    Rule.NAMESPACE_WRONG: "a reader of B2MML does not find one element of it",
    Rule.VERSION_UNKNOWN: "its elements may mean something else than in V0701 and V0401",
    Rule.NAMESPACES_MIXED: "a reader of one version does not see the elements of the other",
    Rule.VERSIONS_MIXED: "a receiver must know two dialects, and one of them is forgotten first",
    Rule.NO_TRANSACTION: "nobody says whether it is to be added, changed or only looked at",
    Rule.APPLICATION_AREA_MISSING: "nobody knows who sent it and when, so nobody can answer",
    Rule.DATA_AREA_MISSING: "the message says nothing",
    Rule.VERB_DIFFERS: "one reader adds what another one cancels",
    Rule.NOUN_MISSING: "the message names an object and carries none of it",
    Rule.SENDER_MISSING: "its origin cannot be authorised, traced or answered",
    Rule.MESSAGE_ID_MISSING: "a repetition cannot be told from a second event: booked twice",
    Rule.CREATION_TIME_MISSING: "old and new cannot be told apart, and the schema demands it",
    Rule.MESSAGE_REPEATED: "a receiver that does not recognise it books it twice",
    Rule.MESSAGE_ID_REUSED: "a receiver that recognises repetitions drops one of two events",
    Rule.RESPONSE_REPEATED: "a second report of one response is booked on top of the first",
    Rule.NOTHING_ACKNOWLEDGED: "a lost message is noticed by nobody",
    Rule.ACKNOWLEDGEMENT_MISSING: "the sender cannot know whether it arrived and must repeat it",
    Rule.CONFIRMATION_NOT_ASKED: "should it be lost, nobody notices",
    Rule.ORIGINAL_MISSING: "the sender cannot tell which of its messages was answered",
    Rule.ID_MISSING: "the object cannot be found again, neither by a reader nor in an audit",
    Rule.ID_REPEATED: "one of both overwrites the other, or both are booked",
    Rule.ID_WITH_SPACES: "it equals the same id without them in one system and not in the other",
    Rule.MATERIAL_UNNAMED: "an amount of nothing in particular cannot be booked",
    Rule.LOT_UNNAMED: "the genealogy of the batch ends here: no recall through this step",
    Rule.LOT_SUBLOT_STATUS: "who reads the lot alone uses or holds a container that differs",
    Rule.SUBLOT_LOOSER_THAN_LOT: "a container of a lot that is held can be picked and used",
    Rule.STATUS_CONTRADICTS: "the order of arrival decides whether the lot may be used",
    Rule.SUBLOT_OF_TWO_LOTS: "the genealogy of the container is ambiguous: a recall misses it",
    Rule.UNIT_UNKNOWN: "the amount cannot be converted, or is read as some other unit",
    Rule.UNIT_DELETED: "by the code list the amount is one of something else",
    Rule.UNIT_DEPRECATED: "a receiver with the present code list refuses it",
    Rule.UNIT_MISSING: "grams and kilograms are told apart by guessing",
    Rule.QUANTITY_NOT_A_NUMBER: "the amount cannot be booked, or is read wrongly by a factor",
    Rule.QUANTITY_NEGATIVE: "stock grows by what was consumed, or falls by what was produced",
    Rule.QUANTITY_BINARY: "a binary number does not keep decimals: sums and comparisons drift",
    Rule.QUANTITY_TOO_LONG: "more than 15 digits or 6 decimals are rounded by the receiver",
    Rule.VALUE_NOT_OF_ITS_TYPE: "a reader that trusts the data type stops or guesses",
    Rule.CODE_UNKNOWN: "a receiver that reads the enumeration refuses or ignores it",
    Rule.SSCC_CHECK_DIGIT: "no scanner reads this number from a label: mistyped or made up",
    Rule.GTIN_CHECK_DIGIT: "no scanner reads this number from a label: mistyped or made up",
    Rule.GLN_CHECK_DIGIT: "the place or party is mistyped or made up",
    Rule.GS1_KEY_SHAPE: "it is called a GS1 key and can be none",
    Rule.TIME_INVALID: "it is no instant: readers refuse it, or read it by local custom",
    Rule.TIME_FRACTION_TOO_LONG: "most readers cut it at six digits or fewer: times that were "
                                 "equal differ, order and digests change",
    Rule.TIME_WITHOUT_OFFSET: "it is off by hours elsewhere, and ambiguous when clocks change",
    Rule.TIME_OUT_OF_RANGE: "a placeholder is taken for a date: expired at once or never",
    Rule.PERIOD_REVERSED: "durations are negative and the validity is empty",
    Rule.NOT_READ: "whoever goes by our objects does not have it; written anew it is not there",
    Rule.WANTED_BY_V0701: "written as V0701 an id is its place, and a reference is left empty",
}

NOTICES = frozenset({
    Rule.VERSION_UNKNOWN, Rule.VERSIONS_MIXED, Rule.NO_TRANSACTION, Rule.SENDER_MISSING,
    Rule.MESSAGE_ID_MISSING, Rule.MESSAGE_REPEATED, Rule.RESPONSE_REPEATED,
    Rule.CONFIRMATION_NOT_ASKED, Rule.ORIGINAL_MISSING, Rule.ID_WITH_SPACES, Rule.LOT_UNNAMED,
    Rule.LOT_SUBLOT_STATUS, Rule.UNIT_DEPRECATED, Rule.QUANTITY_BINARY, Rule.QUANTITY_TOO_LONG,
    Rule.NOT_READ, Rule.WANTED_BY_V0701,
})


def finding(rule: Rule, spot: Spot, what: str, severity: Severity | None = None) -> Finding:
    """What ``rule`` says about ``spot``; the severity is the rule's own where none is given."""
    usual = Severity.NOTICE if rule in NOTICES else Severity.ERROR
    return Finding(
        _short(spot.place, 1000), rule, severity or usual, _short(what, 500), BREAKS[rule]
    )


def _short(text: str, length_max: int) -> str:
    return text if len(text) <= length_max else text[: length_max - 3] + "..."
