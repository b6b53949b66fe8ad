"""What the codes of units, places, quality, laboratory and maintenance mean."""

from __future__ import annotations

from contracts.model.codes.code import Code
from contracts.model.codes.meaning import ADMINISTRATOR as _A
from contracts.model.codes.meaning import OPERATOR as _O
from contracts.model.codes.meaning import QUALITY as _Q
from contracts.model.codes.meaning import Meaning
from contracts.model.codes.meaning import final as _final

QUALITY_MEANINGS: dict[Code, Meaning] = {
    # units, density, potency, places
    Code.CONVERSION_MISSING: _final(
        422, _A, "The material's master data states no such factor; have it entered, or use "
        "another unit."
    ),
    Code.DENSITY_UNKNOWN: _final(
        422, _Q, "The lot has no density at this temperature; measure again or call the quality "
        "unit."
    ),
    Code.POTENCY_BASIS_MISMATCH: _final(
        422, _Q, "The potency is stated on another basis than the material's, or on none; call "
        "the quality unit."
    ),
    Code.QUANTITY_OUT_OF_RANGE: _final(
        422, _O, "Converted, this amount is too small or too large to be booked; check amount and "
        "unit."
    ),
    Code.LOCATION_MAP_BROKEN: _final(
        422, _A, "This place does not fit the map of the site; correct its kind, parent or level."
    ),
    # quality, laboratory, maintenance
    Code.ONLY_QUALITY_DECIDES: _final(
        422, _Q, "The warehouse may only place a hold; the quality unit decides on it in MES."
    ),
    Code.UNKNOWN_DEVIATION: _final(
        422, _Q, "There is no such deviation; check the list of deviations."
    ),
    Code.DEVIATION_CLOSED: _final(
        422, _Q, "This deviation is closed and stays as it is; open a new one if there is more."
    ),
    Code.NOT_INVESTIGATED: _final(
        422, _Q, "Enter what the investigation found before you close the deviation."
    ),
    Code.UNKNOWN_CAPA: _final(422, _Q, "There is no such action; check the list of actions."),
    Code.CAPA_CLOSED: _final(422, _Q, "This action is closed and stays as it is; open a new one."),
    Code.CAPA_INCOMPLETE: _final(
        422, _Q, "Name the change, the updated risk item, the run and the effectiveness check."
    ),
    Code.CAPA_NOT_EFFECTIVE: _final(
        422, _Q, "The check found no effect; go on with the action, and check again."
    ),
    Code.RISK_ITEM_NOT_UPDATED: _final(
        422, _Q, "Update the risk item of this action, and name its new version."
    ),
    Code.UNKNOWN_SAMPLE: _final(
        422, _O, "No sample with this number has come; check the label of the bottle."
    ),
    Code.UNKNOWN_TEST: _final(
        422, _O, "The specification of this material has no such test; check the work list."
    ),
    Code.TEST_UNIT_DIFFERS: _final(
        422, _O, "Give the result in the unit of the specification."
    ),
    Code.ASSAY_TOO_FINE: _final(
        422, _O, "Give an assay with at most three digits after the point."
    ),
    Code.RESULT_RECORDED: _final(
        422, _O, "This sample has a result for this test; a recorded result stays as it is."
    ),
    Code.RESULT_FAILED: _final(
        422, _Q, "A result of this lot is out of its limits; the lot cannot be released."
    ),
    Code.RESULT_MISSING: _final(
        422, _Q, "A required test of this lot has no result; wait for the laboratory."
    ),
    Code.CALIBRATION_OVERDUE: _final(
        422, _O, "The calibration of this device has ended; use another one."
    ),
    Code.CALIBRATION_NOT_VALID: _final(
        422, _O, "A calibration counts until today at least; check the certificate."
    ),
    Code.EQUIPMENT_IN_MAINTENANCE: _final(
        422, _O, "This device is out of use; take another one."
    ),
    Code.EQUIPMENT_STATE_SAME: _final(
        422, _O, "The device is in this state already; check its number."
    ),
}
