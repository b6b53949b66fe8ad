"""What each code means: its HTTP status, whether it is final, who acts, in which words."""

from __future__ import annotations

from contracts.model.codes.code import Code
from contracts.model.codes.control_meanings import CONTROL_MEANINGS
from contracts.model.codes.event_meanings import EVENT_MEANINGS
from contracts.model.codes.flow_meanings import FLOW_MEANINGS
from contracts.model.codes.meaning import ADMINISTRATOR as _A
from contracts.model.codes.meaning import OPERATOR as _O
from contracts.model.codes.meaning import QUALITY as _Q
from contracts.model.codes.meaning import SENDER as _S
from contracts.model.codes.meaning import Meaning
from contracts.model.codes.meaning import again as _again
from contracts.model.codes.meaning import final as _final
from contracts.model.codes.people_meanings import PEOPLE_MEANINGS
from contracts.model.codes.quality_meanings import QUALITY_MEANINGS

MEANINGS: dict[Code, Meaning] = {
    Code.NOT_FOUND: _final(404, _S, "Nothing is published under this address; check the path."),
    Code.METHOD_NOT_ALLOWED: _final(405, _S, "Use the method that the contract publishes here."),
    Code.UNSUPPORTED_MEDIA_TYPE: _final(415, _S, "Send the media type that the contract names."),
    Code.BODY_TOO_LARGE: _final(413, _S, "Send at most one mebibyte in one message."),
    Code.UNAUTHENTICATED: _final(401, _S, "Sign the request or open a session, then repeat it."),
    Code.NOT_PERMITTED: _final(403, _A, "This account may not do this; ask an administrator."),
    Code.UNREADABLE: _final(400, _S, "The body is not one JSON document; correct the sender."),
    Code.SCHEMA_VIOLATION: _final(400, _S, "Correct the named field to the published schema."),
    Code.KEY_MISSING: _final(400, _S, "Send the message id as Idempotency-Key."),
    Code.IDEMPOTENCY_CONFLICT: _final(
        422, _S, "This key was used for other content; send new content under a new key."
    ),
    Code.BUSINESS_KEY_CONFLICT: _final(
        422, _S, "This business event is recorded with other content; correct it by a new event."
    ),
    Code.IN_PROGRESS: _again(409, "The first one is still being processed; repeat it later."),
    Code.PREDECESSOR_MISSING: _again(
        425, "Too many messages about this subject wait for an earlier one; send that one first."
    ),
    Code.SEQUENCE_USED: _final(
        422, _S, "Another message about this subject has this number; take the next one."
    ),
    Code.IDENTITY_MISMATCH: _final(
        422, _A, "The message names another sender than its certificate and key do."
    ),
    Code.UNKNOWN_SCHEMA_VERSION: _final(422, _S, "Send a schema version that is supported here."),
    Code.UNKNOWN_ORDER: _final(422, _O, "This order is not known here; check the order number."),
    Code.ORDER_NOT_STARTED: _final(422, _O, "Start the order before requesting its material."),
    Code.BOM_NOT_APPROVED: _final(
        422, _Q, "Only the approved version of the bill of materials may be picked for."
    ),
    Code.NOT_ON_BOM: _final(422, _O, "This material is not on the order's bill of materials."),
    Code.QUANTITY_NOT_ON_BOM: _final(
        422, _O, "The requests of this order exceed its bill of materials; lower the quantity."
    ),
    Code.UNIT_NOT_BASE_UNIT: _final(422, _O, "Give the quantity in the material's base unit."),
    Code.NO_ELIGIBLE_STOCK: _final(
        422, _O, "No released lot in date holds enough; nothing was allocated."
    ),
    Code.UNKNOWN_REQUEST: _final(422, _O, "There is no such pick request; check your task list."),
    Code.SCAN_UNREADABLE: _final(
        422, _O, "This is not a GS1 container label; scan the SSCC label of the container."
    ),
    Code.SCAN_NOT_ALLOCATED: _final(
        422, _O, "Put this container back; scan the one that your task names."
    ),
    Code.CONTAINER_IN_USE: _final(422, _O, "Take an empty container with an unused label."),
    Code.QUANTITY_ABOVE_TOLERANCE: _final(
        422, _O, "This is more than was requested; pick no more than the open quantity."
    ),
    Code.UNKNOWN_LOT: _final(422, _O, "This lot is not known here; check the lot number."),
    Code.LOT_EXPIRED: _final(422, _Q, "The lot has expired; leave it and call the quality unit."),
    Code.RETEST_DUE: _final(
        422, _Q, "The lot has to be tested again; leave it and call the quality unit."
    ),
    Code.RETEST_DATE_NOT_ALLOWED: _final(
        422, _Q, "Only a passed result of a lot in quarantine gives a retest date that lies ahead "
        "and not after the expiry day; check the date and the result."
    ),
    Code.LOT_NOT_RELEASED: _final(422, _Q, "The lot is not released; leave it where it is."),
    Code.TRANSITION_NOT_ALLOWED: _final(
        422, _Q, "The lot cannot go from its present status to this one."
    ),
    Code.SIGNATURE_REQUIRED: _final(422, _Q, "Sign the change with user id and password."),
    Code.SIGNATURE_REFUSED: _final(
        422, _Q, "The signature was not accepted; sign with your own user id and password."
    ),
    Code.SIGNATURE_INCOMPLETE: _final(
        422, _O, "This is your first signature in this session; sign with user id, password and "
        "the code of your authenticator."
    ),
    Code.SIGNING_NOT_ENABLED: _final(
        422, _A, "This person may not sign yet; have identity check, acknowledgement and valid "
        "training entered first."
    ),
    Code.REASON_TOO_SHORT: _final(422, _O, "Give a reason of at least five characters."),
    Code.ALREADY_EXISTS: _final(422, _O, "This number is already in use; take a new one."),
    Code.STATUS_UNCONFIRMED: _final(
        422, _O, "MES cannot confirm the lot's status now; leave the material and try later."
    ),
    Code.NOTHING_TO_CANCEL: _final(
        422, _O, "Nothing of this request is open; what was picked is returned instead."
    ),
    Code.UNKNOWN_DEAD_LETTER: _final(
        422, _O, "No dead letter with this number is open; check the list of dead letters."
    ),
    Code.OWN_DEAD_LETTER: _final(
        422, _O, "You caused this message yourself; other people have to see to it."
    ),
    Code.UNKNOWN_ASN: _final(
        422, _O, "This delivery is not announced here; call the supervisor before you unload it."
    ),
    Code.UNKNOWN_ASN_LINE: _final(
        422, _O, "The delivery has no such line; choose one of its lines."
    ),
    Code.ASN_CLOSED: _final(
        422, _O, "This delivery is closed; call the supervisor and leave the goods at the dock."
    ),
    Code.LABEL_INCOMPLETE: _final(
        422, _O, "The label does not tell item, lot and expiry; scan the full GS1 label."
    ),
    Code.CONTAINER_KNOWN: _final(
        422, _O, "This number is in stock already; set the container apart, call the supervisor."
    ),
    Code.UNKNOWN_ITEM: _final(
        422, _O, "No item with this GTIN is known here; name the line it was delivered for."
    ),
    Code.LABEL_CONTRADICTED: _final(
        422, _O, "The label says otherwise; leave this value to the scan."
    ),
    Code.SECOND_PERSON_REQUIRED: _final(
        422, _O, "A value was keyed by hand; a second person has to check it and sign."
    ),
    Code.VERIFIER_IS_PERFORMER: _final(
        422, _O, "A second person has to verify; nobody verifies the own work."
    ),
    Code.UNKNOWN_CONTAINER: _final(
        422, _O, "This container is not known here; receive it before you move it."
    ),
    Code.UNKNOWN_LOCATION: _final(422, _O, "This place is not known here; scan its label again."),
    Code.WRONG_PURPOSE: _final(
        422, _O, "The place is not meant for this step; choose one that is."
    ),
    Code.TEMPERATURE_MISMATCH: _final(
        422, _O, "The place has another temperature than the material needs; choose another place."
    ),
    Code.HAZARD_MISMATCH: _final(
        422, _O, "The place may not hold this hazard class; choose another place."
    ),
    Code.ALLERGEN_MISMATCH: _final(
        422, _O, "The place may not hold this allergen; choose another place."
    ),
    Code.STATUS_NOT_ALLOWED_HERE: _final(
        422, _O, "Stock of this status may not stand there; choose a place that allows it."
    ),
    # packing and shipping
    Code.RANGE_EXHAUSTED: _final(
        422, _A, "The SSCC range of this packaging line is used up; have a new range assigned."
    ),
    Code.UNKNOWN_PACKAGING_LINE: _final(
        422, _O, "This packaging line is not known here; check the number of the line."
    ),
    Code.UNKNOWN_PRINTER: _final(422, _O, "This is no printer of the site; choose one that is."),
    Code.UNKNOWN_LABEL: _final(422, _O, "This label was never printed; check its number."),
    Code.LABEL_MISMATCH: _final(
        422, _O, "The label does not say what the record says; take it off and print it again."
    ),
    Code.LABEL_NOT_OPEN: _final(
        422, _O, "This label was applied, spoiled or replaced before; destroy it, print a new one."
    ),
    Code.LABEL_NOT_VERIFIED: _final(422, _O, "Read the label back before you close the unit."),
    Code.LABELS_OPEN: _final(
        422, _O, "Labels of this order are still about; destroy and account for them, then count."
    ),
    Code.LABELS_NOT_BALANCED: _final(
        422, _Q, "More labels are missing than may be; search for them, call the quality unit."
    ),
    Code.LABELS_RECONCILED: _final(
        422, _O, "The labels of this order are counted and closed; none is printed any more."
    ),
    Code.COUNT_NOT_DECLARED: _final(
        422, _O, "The unit does not hold what its label declares; count again."
    ),
    Code.CHILD_DOUBLED: _final(422, _O, "Something was scanned twice; scan each one once."),
    Code.ALREADY_PACKED: _final(
        422, _O, "This is packed already; set it aside and find out where it belongs."
    ),
    Code.UNKNOWN_UNIT: _final(
        422, _O, "There is no such packed unit in stock; set it aside and check its label."
    ),
    Code.AGGREGATION_CYCLE: _final(
        422, _O, "A unit cannot be put into itself or into what it holds; check the labels."
    ),
    Code.CONTAINER_LOCKED: _final(
        422, _Q, "Something in this unit is on hold; leave it and call the quality unit."
    ),
    Code.UNIT_NOT_CLOSED: _final(
        422, _O, "This stands inside another unit; ship the whole unit or take it out first."
    ),
    Code.UNKNOWN_CUSTOMER: _final(422, _O, "This customer is not known here; check the number."),
    Code.SHELF_LIFE_TOO_SHORT: _final(
        422, _Q, "Less shelf life is left than this customer accepts; take a younger lot."
    ),
    # dispensing
    Code.CONTAINER_NOT_STAGED: _final(
        422, _O, "This container is not in a supply area; have it staged first."
    ),
    Code.WRONG_MATERIAL: _final(
        422, _O, "This container holds another material than the order line; put it back."
    ),
    Code.POTENCY_UNKNOWN: _final(
        422, _Q, "The line depends on potency and the lot has none; call the quality unit."
    ),
    Code.NET_NOT_GROSS_MINUS_TARE: _final(
        422, _O, "Net has to be gross minus tare and above zero; weigh again."
    ),
    Code.QUANTITY_ABOVE_CONTENT: _final(
        422, _O, "The containers do not hold that much; check weight and container."
    ),
    Code.UNKNOWN_EQUIPMENT: _final(422, _O, "This device is not known here; check its number."),
    Code.SCALE_NOT_CALIBRATED: _final(
        422, _O, "The calibration of this scale has ended; use another scale."
    ),
    Code.NOT_QUALIFIED: _final(
        422, _O, "This person is not qualified for the step; somebody who is has to do it."
    ),
    Code.WEIGHT_OUT_OF_TOLERANCE: _final(
        422, _O, "The weight is outside the tolerance of the line; weigh again."
    ),
    Code.OVERRIDE_NOT_NEEDED: _final(
        422, _O, "The weight is within tolerance; book it without an override."
    ),
    Code.SIGNERS_NOT_DIFFERENT: _final(
        422, _Q, "Two different persons have to sign, one of them of the quality unit."
    ),
    Code.LABEL_DATA_MISSING: _final(
        422, _A, "The order lacks product, strength or batch for the label; complete its data."
    ),
    Code.RETURN_ABOVE_ISSUED: _final(
        422, _O, "No more can come back than is left of this container; check the weight."
    ),
    Code.WRONG_ISSUE_MODE: _final(
        422, _O, "This material is not weighed out; its use is computed when the order ends."
    ),
    Code.BACKFLUSH_NOT_ALLOWED: _final(
        422, _Q, "Backflush needs a signed risk record, and no active or high-risk material."
    ),
    Code.LINE_NOT_DISPENSED: _final(
        422, _O, "A line of the order is not fully dispensed; finish it or have it overridden."
    ),
    Code.QUANTITY_NOT_EXACT: _final(
        422, _A, "The use is not exact to six decimals; correct the bill of materials."
    ),
    # counts, samples, master data
    Code.NO_MASTER_RECORD: _final(
        422, _O, "This order has no electronic batch record; write into its record on paper."
    ),
    Code.NOT_ON_MASTER_RECORD: _final(
        422, _O, "The master record has no such step or test; check its number."
    ),
    Code.ENTRY_INCOMPLETE: _final(
        422, _O, "The entry lacks the named field or contradicts itself; correct it."
    ),
    Code.BATCH_RECORD_INCOMPLETE: _final(
        422, _O, "The batch record lacks the named element; enter it before it is completed."
    ),
    Code.BATCH_RECORD_COMPLETED: _final(
        422, _Q, "This batch record is completed; nothing is entered into it any more."
    ),
    Code.RELEASE_BLOCKED: _final(
        422, _Q, "Settle what is named before this lot is released."
    ),
    Code.CONTAINER_ELSEWHERE: _final(
        422, _O, "The book has this container at another place; check the place first."
    ),
    Code.UNKNOWN_COUNT: _final(
        422, _O, "There is no such count of this container; check the count number."
    ),
    Code.RECOUNT_BY_COUNTER: _final(
        422, _O, "A recount is made by another person than the first count."
    ),
    Code.RECOUNT_MISSING: _final(
        422, _O, "Let another person count it again before it is adjusted."
    ),
    Code.COUNTER_MAY_NOT_APPROVE: _final(
        422, _O, "You counted it yourself; let another supervisor approve it."
    ),
    Code.NO_DIFFERENCE: _final(422, _O, "Book and recount agree; there is nothing to adjust."),
    Code.STOCK_MOVED: _final(422, _O, "The stock has moved since the recount; count it anew."),
    Code.COUNT_SETTLED: _final(
        422, _O, "This difference was adjusted before; count anew if there is another."
    ),
    Code.SAMPLING_NOT_ALLOWED: _final(
        422, _Q, "Material of this status is not sampled; call the quality unit."
    ),
    Code.SECOND_SIGNATURE_REQUIRED: _final(
        422, _Q, "Two different persons of the quality unit sign this release."
    ),
    Code.UNKNOWN_MATERIAL: _final(
        422, _O, "This material is not known here; check the material number."
    ),
    Code.MASTER_DATA_DIFFERS: _final(
        422, _A, "MES and WMS hold different master data; align the named field first."
    ),
    Code.MASTER_DATA_UNREADABLE: _final(
        422, _A, "The named field cannot be taken over as published; have the partner correct it."
    ),
    Code.UNKNOWN_MASTER_RECORD: _final(
        422, _A, "There is no such record of this kind here; check kind and number."
    ),
    Code.CONTENT_HASH_DIFFERS: _final(
        422, _S, "The digest is not that of the content; correct the sender."
    ),
    Code.NOTHING_PUBLISHED: _final(
        422, _A, "The partner has published nothing of this material; publish it first."
    ),
    **QUALITY_MEANINGS,
    **FLOW_MEANINGS,
    **PEOPLE_MEANINGS,
    **EVENT_MEANINGS,
    **CONTROL_MEANINGS,
}
