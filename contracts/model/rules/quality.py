"""Rules about deviations, actions, laboratory results, equipment, and holds of the warehouse."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_OPEN = ("mes/open-deviation",)
_FINDING, _CLOSURE = ("mes/investigate-deviation",), ("mes/close-deviation",)
_OPEN_CAPA, _CLOSE_CAPA = ("mes/open-capa",), ("mes/close-capa",)
_RESULT = ("mes/record-result",)
_RELEASE = ("mes/change-lot-status",)
_MAINTAIN, _CALIBRATE = ("mes/maintain-equipment",), ("mes/record-calibration",)
_USE = ("mes/dispense", "mes/print-label", "mes/verify-label")
_HOLD = ("wms/hold-lot",)

RULES: tuple[BusinessRule, ...] = (
    # deviations
    BusinessRule("FRS-QMS-001", "URS-QMS-001",
                 "A label count that differs within the limit of its order, and a weight that was "
                 "overridden, open a deviation that names the affected lots and orders.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-QMS-002", "URS-QMS-001",
                 "What is investigated, closed or acted upon is a known deviation.",
                 Code.UNKNOWN_DEVIATION, (*_FINDING, *_CLOSURE, *_OPEN_CAPA)),
    BusinessRule("FRS-QMS-003", "URS-QMS-001",
                 "A closed deviation is neither investigated nor closed again.",
                 Code.DEVIATION_CLOSED, (*_FINDING, *_CLOSURE)),
    BusinessRule("FRS-QMS-004", "URS-QMS-001",
                 "A deviation is closed after a finding of its investigation.",
                 Code.NOT_INVESTIGATED, _CLOSURE),
    BusinessRule("FRS-QMS-005", "URS-QMS-001",
                 "Occasions, findings, conclusions and actions are at least five characters that "
                 "are not blank.",
                 Code.REASON_TOO_SHORT, (*_OPEN, *_FINDING, *_CLOSURE, *_OPEN_CAPA)),
    BusinessRule("FRS-QMS-006", "URS-QMS-001",
                 "A deviation and an action are closed by the own signature of a person of the "
                 "quality unit.",
                 Code.SIGNATURE_REFUSED, (*_CLOSURE, *_CLOSE_CAPA)),
    BusinessRule("FRS-QMS-007", "URS-QMS-001",
                 "An action keeps the deviations that it began with, and each deviation its "
                 "actions.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-QMS-013", "URS-QMS-001",
                 "A deviation is opened once under its id.", Code.ALREADY_EXISTS, _OPEN),
    BusinessRule("FRS-QMS-014", "URS-QMS-001",
                 "Every affected lot of a deviation that is opened is known.",
                 Code.UNKNOWN_LOT, _OPEN),
    BusinessRule("FRS-QMS-015", "URS-QMS-001",
                 "Every affected order of a deviation that is opened is known.",
                 Code.UNKNOWN_ORDER, _OPEN),
    BusinessRule("FRS-KPI-001", "URS-KPI-002",
                 "A key figure beyond its limit opens a deviation that names figure, limit and "
                 "observed value.",
                 Code.SCHEMA_VIOLATION, ()),
    # corrective and preventive actions
    BusinessRule("FRS-QMS-008", "URS-QMS-002",
                 "Only a known action is closed.", Code.UNKNOWN_CAPA, _CLOSE_CAPA),
    BusinessRule("FRS-QMS-009", "URS-QMS-002",
                 "A closed action is not closed again.", Code.CAPA_CLOSED, _CLOSE_CAPA),
    BusinessRule("FRS-QMS-010", "URS-QMS-002",
                 "An action is closed with a change id, a risk item, the run that shows the "
                 "change, and an effectiveness check that was made between opening and closing.",
                 Code.CAPA_INCOMPLETE, _CLOSE_CAPA),
    BusinessRule("FRS-QMS-011", "URS-QMS-002",
                 "The risk item is the one of the action, in a later version.",
                 Code.RISK_ITEM_NOT_UPDATED, _CLOSE_CAPA),
    BusinessRule("FRS-QMS-012", "URS-QMS-002",
                 "An action whose check found no effect is not closed.",
                 Code.CAPA_NOT_EFFECTIVE, _CLOSE_CAPA),
    # laboratory
    BusinessRule("FRS-LIM-001", "URS-LIM-001",
                 "A result is of a sample that was taken.", Code.UNKNOWN_SAMPLE, _RESULT),
    BusinessRule("FRS-LIM-002", "URS-LIM-001",
                 "A result is of a test of the material's specification.",
                 Code.UNKNOWN_TEST, _RESULT),
    BusinessRule("FRS-LIM-003", "URS-LIM-001",
                 "A result is stated in the unit of the specification; nothing is converted.",
                 Code.TEST_UNIT_DIFFERS, _RESULT),
    BusinessRule("FRS-LIM-004", "URS-LIM-001",
                 "A sample has one result for each test, which is never replaced.",
                 Code.RESULT_RECORDED, _RESULT),
    BusinessRule("FRS-LIM-005", "URS-LIM-001",
                 "A result is reviewed by another person than the one who found it.",
                 Code.VERIFIER_IS_PERFORMER, _RESULT),
    BusinessRule("FRS-LIM-006", "URS-LIM-001",
                 "The reviewer is an analyst or of the quality unit, and signs with the own user "
                 "id and password.",
                 Code.SIGNATURE_REFUSED, _RESULT),
    BusinessRule("FRS-LIM-007", "URS-LIM-001",
                 "A result that is within its limits and states the assay sets the potency of the "
                 "lot, with at most three digits after the point.",
                 Code.ASSAY_TOO_FINE, _RESULT),
    BusinessRule("FRS-LIM-008", "URS-LIM-001",
                 "A lot is not released while a required test of its material has no result.",
                 Code.RESULT_MISSING, _RELEASE),
    BusinessRule("FRS-LIM-010", "URS-LIM-001",
                 "A retest date comes with a passed result of a lot in quarantine; it lies ahead, "
                 "and not after the expiry day.",
                 Code.RETEST_DATE_NOT_ALLOWED, ("mes/record-result",)),
    BusinessRule("FRS-LIM-009", "URS-LIM-001",
                 "A lot with a result outside its limits is not released, whatever another sample "
                 "gives.",
                 Code.RESULT_FAILED, _RELEASE),
    # equipment
    BusinessRule("FRS-MNT-001", "URS-MNT-001",
                 "A printer prints, and the scanner of a packaging line reads labels back, up to "
                 "the end of the calibration day in the site's zone.",
                 Code.CALIBRATION_OVERDUE, ("mes/print-label", "mes/verify-label")),
    BusinessRule("FRS-MNT-002", "URS-MNT-001",
                 "Nothing is weighed, printed or verified on a device in maintenance.",
                 Code.EQUIPMENT_IN_MAINTENANCE, _USE),
    BusinessRule("FRS-MNT-003", "URS-MNT-001",
                 "What is maintained, calibrated or reads labels back is a known device.",
                 Code.UNKNOWN_EQUIPMENT, (*_MAINTAIN, *_CALIBRATE, "mes/verify-label")),
    BusinessRule("FRS-MNT-004", "URS-MNT-001",
                 "A device goes into maintenance from use, and comes back from maintenance.",
                 Code.EQUIPMENT_STATE_SAME, _MAINTAIN),
    BusinessRule("FRS-MNT-005", "URS-MNT-001",
                 "Maintenance and calibration are signed by the signed-in person.",
                 Code.SIGNATURE_REFUSED, (*_MAINTAIN, *_CALIBRATE)),
    BusinessRule("FRS-MNT-006", "URS-MNT-001",
                 "A calibration that succeeded counts until today at least; one that failed takes "
                 "its device out of use.",
                 Code.CALIBRATION_NOT_VALID, _CALIBRATE),
    BusinessRule("FRS-MNT-007", "URS-MNT-001",
                 "Who takes a device out of use or gives it back says why.",
                 Code.REASON_TOO_SHORT, _MAINTAIN),
    # holds of the warehouse
    BusinessRule("FRS-STA-009", "URS-STA-007",
                 "The warehouse quarantines or blocks a lot, where that is stricter than before; "
                 "every other change is the quality unit's.",
                 Code.ONLY_QUALITY_DECIDES, (*_HOLD, "mes/warehouse-hold-placed")),
    BusinessRule("FRS-STA-010", "URS-STA-007",
                 "The warehouse holds a lot that is known.", Code.UNKNOWN_LOT, _HOLD),
    BusinessRule("FRS-STA-011", "URS-STA-007",
                 "Who places a hold says why.", Code.REASON_TOO_SHORT, _HOLD),
    BusinessRule("FRS-STA-012", "URS-STA-007",
                 "A decision that was made without knowing of a hold does not loosen it; where "
                 "both meet, the stricter status counts in both systems.",
                 Code.LOT_NOT_RELEASED, ()),
    BusinessRule("FRS-STA-013", "URS-STA-005",
                 "Once MES has entered a hold, nothing of the lot is issued; what was issued since "
                 "it was placed is listed with it, alike in both systems.",
                 Code.LOT_NOT_RELEASED, ()),
)
