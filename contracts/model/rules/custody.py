"""Rules about units that are broken and put together again."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_BREAK = ("mes/disaggregate", "wms/disaggregate")
_JOIN = ("mes/reaggregate", "wms/reaggregate")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-AGG-004", "URS-AGG-002",
                 "Only a unit that is in stock and holds something is broken; units of sale go "
                 "into a case that was packed and has not left.",
                 Code.UNKNOWN_UNIT, (*_BREAK, *_JOIN)),
    BusinessRule("FRS-AGG-005", "URS-AGG-002",
                 "Only what stands in a unit is taken out of it.",
                 Code.NOT_IN_UNIT, (*_BREAK, *_JOIN)),
    BusinessRule("FRS-AGG-006", "URS-AGG-002",
                 "What is taken out, or put in, is named once.",
                 Code.CHILD_DOUBLED, (*_BREAK, *_JOIN)),
    BusinessRule("FRS-AGG-007", "URS-AGG-002",
                 "Units of sale are put together by lot.",
                 Code.OTHER_LOT, _JOIN),
    BusinessRule("FRS-AGG-008", "URS-AGG-002",
                 "Each act of putting in and taking out is kept with its instant, its person and "
                 "its cause, in both systems; the periods that follow from them do not depend on "
                 "the order in which the systems hear of them.",
                 Code.ALREADY_EXISTS, ()),
    BusinessRule("FRS-RET-001", "URS-RET-001",
                 "Units of sale that leave a case lie in a labelled container from then on.",
                 Code.CONTAINER_REQUIRED, _BREAK),
    BusinessRule("FRS-RET-002", "URS-RET-001",
                 "The container for loose units is new, or holds the same lot at the same place "
                 "and stands alone.",
                 Code.CONTAINER_IN_USE, _BREAK),
    BusinessRule("FRS-RET-003", "URS-RET-001",
                 "What was taken out is at a place of the site.",
                 Code.UNKNOWN_LOCATION, _BREAK),
    BusinessRule("FRS-RET-004", "URS-RET-001",
                 "A unit is broken for a reason of at least five characters.",
                 Code.REASON_TOO_SHORT, _BREAK),
    BusinessRule("FRS-RET-005", "URS-RET-001",
                 "A case with a lot on hold may come off its pallet, so that the rest is free; it "
                 "is not opened, and nothing is put into it.",
                 Code.CONTAINER_LOCKED, (*_BREAK, *_JOIN)),
    BusinessRule("FRS-RET-006", "URS-RET-001",
                 "No more is taken out of a unit than it holds beyond what is set aside for picks.",
                 Code.UNIT_NOT_CLOSED, (*_BREAK, *_JOIN)),
    BusinessRule("FRS-RET-007", "URS-RET-001",
                 "An aggregation of what was taken out before names the disaggregation that it "
                 "follows on, without anybody having to say so.",
                 Code.ALREADY_EXISTS, ()),
)
