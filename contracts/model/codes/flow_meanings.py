"""What the codes of returns, transfers, scrap, migrations, broken units and scanning mean."""

from __future__ import annotations

from contracts.model.codes.code import Code
from contracts.model.codes.meaning import ADMINISTRATOR as _A
from contracts.model.codes.meaning import OPERATOR as _O
from contracts.model.codes.meaning import QUALITY as _Q
from contracts.model.codes.meaning import Meaning
from contracts.model.codes.meaning import again as _again
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
    # journal
    Code.NOT_IN_JOURNAL: _final(
        422, _A, "The journal has no such rows; name two positions in order, within its length."
    ),
    Code.AUDIT_NOT_WRITTEN: _again(
        503, "The audit trail cannot be written, so nothing was done; call support, then repeat."
    ),
    Code.RECORDS_BUSY: _again(
        503, "The system has too much to write at this moment; repeat it under the same key."
    ),
    # recovery
    Code.UNKNOWN_CRASH_POINT: _final(
        422, _A, "The system has no such place in its code; take one of those that it names."
    ),
    Code.NO_HOST_CONTROL: _final(
        422, _A, "This system cannot be ended by itself; start it as a process of its own."
    ),
    # migration
    Code.RECORDS_DIFFER: _final(
        422, _A, "Not as many records came as were declared; extract them anew, nothing was kept."
    ),
    Code.SUMS_DIFFER: _final(
        422, _A, "The quantities do not add up as declared; extract them anew, nothing was kept."
    ),
    # units that are broken and put together again
    Code.PARTNER_SILENT: _final(
        422, _A, "The warehouse did not tell its stock; see to the link, then reconcile anew."
    ),
    Code.UNKNOWN_DIFFERENCE: _final(
        422, _Q, "No difference has this number; take it from the list of differences."
    ),
    Code.DIFFERENCE_CLOSED: _final(
        422, _Q, "This difference was closed before; look at its adjustment."
    ),
    Code.DIFFERENCE_MOVED: _final(
        422, _Q, "Stock has moved since it was compared; reconcile anew, then close."
    ),
    Code.DEVIATION_NOT_LINKED: _final(
        422, _Q, "Name the deviation that this difference has opened."
    ),
    Code.STATUS_DIFFERS: _final(
        422, _Q, "The status differs: have the decision delivered, then reconcile anew."
    ),
    Code.TEXT_NOT_PRINTABLE: _final(
        422, _O, "The character set lacks a letter of this label; print it in UTF-8."
    ),
    Code.NOT_IN_UNIT: _final(
        422, _O, "This does not stand in that unit; set it aside and find out where it belongs."
    ),
    Code.CONTAINER_REQUIRED: _final(
        422, _O, "Put loose units into a labelled container and name it; only cases stand alone."
    ),
    Code.OTHER_LOT: _final(
        422, _O, "This unit holds another lot or is no unit for it; take one of the same lot."
    ),
    # guided scanning
    Code.UNKNOWN_SCAN_STEP: _final(
        422, _A, "No such scan step is declared for this system; check the step or declare it."
    ),
    Code.UNKNOWN_SCAN_RUN: _final(422, _O, "This step was not begun; begin it, then scan."),
    Code.SCAN_AT_WRONG_STEP: _final(
        422, _O, "This step belongs to another station; go there, or begin the step of this one."
    ),
    Code.SCANS_NOT_DECLARED: _final(
        422, _O, "The step declares another number of scans; name the units that it is for."
    ),
    Code.SCAN_OUT_OF_ORDER: _final(
        422, _O, "Another unit comes first; scan the units in the order that the step shows."
    ),
    Code.SCAN_STEP_DONE: _final(
        422, _O, "Everything of this step is scanned; go on with the work or begin a new step."
    ),
    Code.SCAN_STEP_OPEN: _final(
        422, _O, "Scan all units of this step first, then name its run."
    ),
    Code.LABEL_FIELDS_DIFFER: _final(
        422, _O, "This label has other fields than the step wants; scan the label that it names."
    ),
    Code.SCANNER_NOT_CALIBRATED: _final(
        422, _O, "The calibration of this scanner has ended; use another scanner."
    ),
}
