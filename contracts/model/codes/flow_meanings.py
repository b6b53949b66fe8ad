"""What the codes of returns, transfers, scrap and migrations mean."""

from __future__ import annotations

from contracts.model.codes.code import Code
from contracts.model.codes.meaning import ADMINISTRATOR as _A
from contracts.model.codes.meaning import OPERATOR as _O
from contracts.model.codes.meaning import QUALITY as _Q
from contracts.model.codes.meaning import Meaning
from contracts.model.codes.meaning import final as _final

FLOW_MEANINGS: dict[Code, Meaning] = {
    # customer returns, transfers in process, scrap
    Code.UNKNOWN_SHIPMENT: _final(
        422, _O, "No shipment has this number; keep the goods apart and check the papers."
    ),
    Code.NOT_IN_SHIPMENT: _final(
        422, _Q, "This container did not leave with that shipment; keep it apart, call quality."
    ),
    Code.ALREADY_RETURNED: _final(
        422, _Q, "This container came back before; keep it apart and call the quality unit."
    ),
    Code.RETURN_ABOVE_SHIPPED: _final(
        422, _Q, "More came back than was shipped; keep it apart and call the quality unit."
    ),
    Code.UNKNOWN_SERIAL: _final(
        422, _Q, "This serial number does not belong to this container; call the quality unit."
    ),
    Code.SERIAL_NOT_ACTIVE: _final(
        422, _Q, "This serial number was taken out of use; keep the unit apart and call quality."
    ),
    Code.ALREADY_THERE: _final(422, _O, "The container stands there already; check the place."),
    Code.NOTHING_TO_DECIDE: _final(
        422, _Q, "This container waits for no decision of its own; decide about its lot."
    ),
    # migration
    Code.RECORDS_DIFFER: _final(
        422, _A, "Not as many records came as were declared; extract them anew, nothing was kept."
    ),
    Code.SUMS_DIFFER: _final(
        422, _A, "The quantities do not add up as declared; extract them anew, nothing was kept."
    ),
}
