Feature: Receipts
  What a supplier announced arrives at the dock; the warehouse receives it, puts it away, and both
  systems know it as stock that nobody has released yet.

  Background:
    Given it is 2026-03-30 09:00 at the site

  @URS-RCV-001 @risk-high @OQ @mes @wms @blackbox
  Rule: A receipt posts where it matches an open ASN line; what differs becomes blocked stock
    A receipt shall post only where it matches an open ASN line by SSCC, GTIN, lot and expiry. Short
    is a partial receipt; over, unknown SSCC, wrong lot or expiry, damage or broken seal is recorded
    with its reason code as BLOCKED stock in a discrepancy location: never usable, never unrecorded.
    Clauses: 21 CFR 211.82(a); 21 CFR 211.82(b); 21 CFR 211.84(a); EU GMP Annex 11 §5

    @accepts
    Scenario: A container that matches its line stands at the dock in both systems
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      When the receiver scans container C1 with 25.000 kg
      Then the command is done
      And after delivery both systems show container C1 with 25.000 kg at the dock, not blocked
      And the warehouse shows the ASN as COMPLETE

    @accepts
    Scenario: What is short is a partial receipt, and the line stays open
      Given an ASN announces 50.000 kg of lot A of lactose, expiring on 2026-12-31
      When the receiver scans container C1 with 24.000 kg
      Then the command is done
      And after delivery both systems show container C1 with 24.000 kg at the dock, not blocked
      And the warehouse shows the ASN as OPEN
      And the warehouse shows 24.000 kg received of 50.000 kg

    @accepts
    Scenario Outline: What differs is posted as blocked stock with its reason code: <difference>
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      When the receiver scans <difference>
      Then the command is done
      And after delivery both systems show it with <amount> kg at the discrepancy place, blocked
      And the warehouse has recorded the reason code <code> for it, and so has the message
      And the warehouse shows 0.000 kg received of 25.000 kg

      Examples:
        | difference                                             | amount | code          |
        | container C1 with 25.001 kg                            | 25.001 | OVER_QUANTITY |
        | a container that is not announced, with 25.000 kg      | 25.000 | UNKNOWN_SSCC  |
        | container C1 with another item, with 25.000 kg         | 25.000 | WRONG_ITEM    |
        | container C1 with an item nobody knows, with 25.000 kg | 25.000 | WRONG_ITEM    |
        | container C1 with another lot, with 25.000 kg          | 25.000 | WRONG_LOT     |
        | container C1 with another expiry, with 25.000 kg       | 25.000 | WRONG_EXPIRY  |
        | container C1 and finds it damaged, with 25.000 kg      | 25.000 | DAMAGED       |
        | container C1 and finds its seal broken, with 25.000 kg | 25.000 | SEAL_BROKEN   |

    @accepts
    Scenario: A label that names a time of expiry on another day is posted as blocked stock
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      When the receiver scans container C1 with (17) 261231 (7003) 2612300930
      Then the command is done
      And after delivery both systems show it with 25.000 kg at the discrepancy place, blocked
      And the warehouse has recorded the reason code WRONG_EXPIRY for it, and so has the message

    @refuses
    Scenario: Blocked stock is not used, also after its lot was released
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      And the receiver has scanned container C1 and found it damaged, with 25.000 kg
      And container C1 was put away and its lot released
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: What is no receipt against an open delivery is refused: <attempt>
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      And an ASN that was closed short
      When the receiver tries <attempt>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | attempt                                    | code               | path          |
        | an ASN that nobody announced               | UNKNOWN_ASN        | asnId         |
        | the ASN that was closed                    | ASN_CLOSED         | asnId         |
        | a line that the ASN does not have          | UNKNOWN_ASN_LINE   | lineId        |
        | an item that nobody knows                  | UNKNOWN_ITEM       | scan          |
        | the digits of the label as plain text      | SCAN_UNREADABLE    | scan          |
        | a label without an SSCC                    | SCAN_UNREADABLE    | scan          |
        | a label without lot and expiry             | LABEL_INCOMPLETE   | scan          |
        | a label without an item                    | LABEL_INCOMPLETE   | scan          |
        | the rack as place of receipt               | WRONG_PURPOSE      | location      |
        | a place that nobody knows                  | UNKNOWN_LOCATION   | location      |
        | the quantity in grams                      | UNIT_NOT_BASE_UNIT | quantity.unit |

    @refuses
    Scenario: A container number is received once
      Given an ASN announces 50.000 kg of lot A of lactose, expiring on 2026-12-31
      And the receiver has received container C1 with 25.000 kg
      When the receiver scans container C1 with 25.000 kg
      Then it is refused with CONTAINER_KNOWN at scan
      And nothing has changed but the record of this and its refusal

  @URS-RCV-002 @risk-high @OQ @mes @wms @blackbox
  Rule: Every received lot enters both systems in quarantine
    Every received lot shall enter both systems as QUARANTINE, whatever status the message carries.
    Clauses: 21 CFR 211.82(b)

    @accepts
    Scenario: A received lot is in quarantine in both systems
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      When the receiver scans container C1 with 25.000 kg
      Then the command is done
      And after delivery both systems show the lot of container C1 as QUARANTINE

    @accepts
    Scenario: A message that calls the lot released leads to quarantine all the same
      When the WMS counterpart sends a receipt that calls its lot RELEASED
      Then it is acknowledged
      And MES shows the lot of container C1 as QUARANTINE

    @accepts
    Scenario: What arrives after the release of its lot is in quarantine itself
      Given an ASN announces 50.000 kg of lot A of lactose, expiring on 2026-12-31
      And the receiver has received container C1 with 25.000 kg
      And container C1 was put away and its lot released
      When the receiver scans container C2 with 25.000 kg
      Then the command is done
      And after delivery both systems show the lot of container C2 as QUARANTINE
      And after delivery both systems show the lot of container C1 as RELEASED

    @accepts
    Scenario: A release that did not know of a container is taken back when it arrives
      Given an ASN announces 50.000 kg of lot A of lactose, expiring on 2026-12-31
      And the receiver has received container C1 with 25.000 kg
      And container C1 was put away
      And quality has released its lot, which the warehouse has not heard yet
      When the receiver scans container C2 with 25.000 kg
      Then the command is done
      And after delivery both systems show the lot of container C2 as QUARANTINE
      And MES has raised the alarm LOT_DECIDED_BEFORE about it

    @refuses
    Scenario: A received lot is not allocated before its release
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      And the receiver has received container C1 with 25.000 kg
      And container C1 was put away
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

  @URS-RCV-003 @risk-high @OQ @mes @wms @blackbox
  Rule: Put-away is refused where the place does not fit the lot
    Putaway shall be refused where the location's temperature class, hazard class, allergen class or
    status segregation does not fit the lot.
    Clauses: 21 CFR 211.42(b); 21 CFR 211.42(c); 21 CFR 211.142(b)

    @accepts
    Scenario: Each kind of material is put away where it fits, in both systems
      Given a container of each kind of material was received
      When the receiver puts each of them away
        | container | place          |
        | PLAIN     | RACK-1         |
        | COLD      | COLD-ROOM      |
        | FLAMMABLE | HAZARD-STORE   |
        | MILK      | ALLERGEN-STORE |
      Then each of them is done
      And after delivery both systems show each container at its place

    @accepts
    Scenario: Stock in quarantine may stand where quarantine is allowed
      Given a container of each kind of material was received
      When the receiver puts PLAIN away to QUARANTINE-RACK
      Then the command is done
      And after delivery both systems show container PLAIN with 25.000 kg at QUARANTINE-RACK

    @refuses
    Scenario Outline: A place that does not fit is refused: <container> to <place>
      Given a container of each kind of material was received
      When the receiver puts <container> away to <place>
      Then it is refused with <code> at toLocation
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | container | place          | code                    |
        | COLD      | RACK-1         | TEMPERATURE_MISMATCH    |
        | FROZEN    | COLD-ROOM      | TEMPERATURE_MISMATCH    |
        | FLAMMABLE | RACK-1         | HAZARD_MISMATCH         |
        | FLAMMABLE | ALLERGEN-STORE | HAZARD_MISMATCH         |
        | MILK      | RACK-1         | ALLERGEN_MISMATCH       |
        | MILK      | HAZARD-STORE   | ALLERGEN_MISMATCH       |
        | PLAIN     | RELEASED-RACK  | STATUS_NOT_ALLOWED_HERE |
        | PLAIN     | PSA-1          | WRONG_PURPOSE           |
        | PLAIN     | NOWHERE        | UNKNOWN_LOCATION        |

    @refuses
    Scenario Outline: A scan that names no container in stock moves nothing: <scan>
      Given a container of each kind of material was received
      When the receiver puts away <scan>
      Then it is refused with <code> at scan
      And nothing has changed but the record of this and its refusal

      Examples:
        | scan                                  | code              |
        | a container nobody knows              | UNKNOWN_CONTAINER |
        | the digits of the label as plain text | SCAN_UNREADABLE   |

  @URS-RCV-004 @risk-medium @OQ @mes @wms @blackbox
  Rule: A receipt is filled from the scanned label; a keyed value is marked and verified
    A receipt shall be filled from the scanned GS1 element strings (00, 01/02, 10, 11, 17, 21, 310n,
    37); a re-keyed value shall be marked as such and need a second person.
    Clauses: EU GMP Annex 11 §6

    @accepts
    Scenario: Everything is read from the label, the quantity too
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      When the receiver scans the full label of container C1 and keys nothing
      Then the command is done
      And after delivery both systems show container C1 with 25.000 kg at the dock, not blocked
      And receipt and message hold every value of the label, and none as keyed

    @accepts
    Scenario Outline: What was keyed is marked, with who verified it: <keyed>
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      When the receiver receives container C1 with <keyed>, verified by the supervisor
      Then the command is done
      And receipt and message mark <mark> as keyed, verified by the supervisor

      Examples:
        | keyed                                  | mark     |
        | the lot keyed                          | LOT      |
        | the expiry keyed                       | EXPIRY   |
        | the item keyed                         | GTIN     |
        | 24.000 kg where the label says 25.000  | QUANTITY |

    @refuses
    Scenario Outline: A keyed value that nobody else has verified is refused: <keyed>, <verified>
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      When the receiver receives container C1 with <keyed>, <verified>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | keyed                                 | verified                       | code                   | path                |
        | the lot keyed                         | verified by nobody             | SECOND_PERSON_REQUIRED | verification        |
        | the expiry keyed                      | verified by nobody             | SECOND_PERSON_REQUIRED | verification        |
        | the item keyed                        | verified by nobody             | SECOND_PERSON_REQUIRED | verification        |
        | 24.000 kg where the label says 25.000 | verified by nobody             | SECOND_PERSON_REQUIRED | verification        |
        | the lot keyed                         | verified by the receiver       | VERIFIER_IS_PERFORMER  | verification.userId |
        | the lot keyed                         | verified by the picker         | SIGNATURE_REFUSED      | verification        |
        | the lot keyed                         | verified with a wrong password | SIGNATURE_REFUSED      | verification        |
        | another lot than the label says       | verified by the supervisor     | LABEL_CONTRADICTED     | keyed.lot           |
        | another expiry than the label says    | verified by the supervisor     | LABEL_CONTRADICTED     | keyed.expiresOn     |
        | another item than the label says      | verified by the supervisor     | LABEL_CONTRADICTED     | keyed.gtin          |

  @URS-RCV-005 @risk-medium @OQ @wms @blackbox
  Rule: Partial receipts add up to the ASN, which closes when complete or by signature
    Several partial receipts shall add up to the ASN; the ASN shall close only when complete or when
    a signed short closes it.
    Clauses: EU GMP Annex 11 §5; 21 CFR 211.184(a)

    @accepts
    Scenario: Three partial receipts add up and the ASN closes by itself
      Given an ASN announces 50.000 kg of lot A of lactose, expiring on 2026-12-31
      When the receiver scans container C1 with 24.000 kg
      And the receiver scans container C2 with 25.999 kg
      Then the warehouse shows 49.999 kg received of 50.000 kg
      And the warehouse shows the ASN as OPEN
      When the receiver scans container C3 with 0.001 kg
      Then the warehouse shows 50.000 kg received of 50.000 kg
      And the warehouse shows the ASN as COMPLETE

    @accepts
    Scenario: A supervisor closes a short ASN by signature
      Given an ASN announces 50.000 kg of lot A of lactose, expiring on 2026-12-31
      And the receiver has received container C1 with 24.000 kg
      When the supervisor closes the ASN with a signature
      Then the command is done
      And the warehouse shows the ASN as CLOSED_SHORT
      And the warehouse shows 24.000 kg received of 50.000 kg

    @refuses
    Scenario Outline: A short ASN stays open without the signature of the supervisor: <signature>
      Given an ASN announces 50.000 kg of lot A of lactose, expiring on 2026-12-31
      And the receiver has received container C1 with 24.000 kg
      When the supervisor closes the ASN with <signature>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | signature                       | code               | path      |
        | no signature                    | SIGNATURE_REQUIRED | signature |
        | a wrong password                | SIGNATURE_REFUSED  | signature |
        | the signature of the receiver   | SIGNATURE_REFUSED  | signature |
        | a reason of blanks              | REASON_TOO_SHORT   | reason    |

    @refuses
    Scenario Outline: An ASN that is closed takes nothing more: <how>
      Given an ASN announces 25.000 kg of lot A of lactose, expiring on 2026-12-31
      And the ASN is <how>
      When the receiver scans container C9 with 1.000 kg
      Then it is refused with ASN_CLOSED at asnId
      And nothing has changed but the record of this and its refusal

      Examples:
        | how                  |
        | complete             |
        | closed by signature  |

  @URS-RCV-006 @risk-high @OQ @mes @wms @blackbox
  Rule: Each lot of each shipment has its own site lot id and its own release
    Each lot of each shipment shall get its own site lot id and its own release; the supplier's lot
    is kept beside it.
    Clauses: 21 CFR 211.80(d)

    @accepts
    Scenario: One supplier's lot in two shipments is two lots of the site, each with its release
      Given two ASNs each announce 25.000 kg of lot A of lactose, expiring on 2026-12-31
      And the receiver has received container C1 of the first and container C2 of the second
      When quality releases the lot of container C1
      Then the command is done
      And after delivery both systems show the lot of container C1 as RELEASED
      And both systems show the lot of container C2 as QUARANTINE
      And both systems show the same supplier's lot beside both site lots

    @accepts
    Scenario: Two lots in one shipment are two lots of the site; two containers of a lot are one
      Given an ASN announces 50.000 kg of lot A and 25.000 kg of lot B of lactose
      When the receiver receives two containers of lot A and one of lot B
      Then the lot ids are numbered by the ASN: two containers in the first, one in the second

    @refuses
    Scenario: The release of one shipment does not make the other usable
      Given two ASNs each announce 25.000 kg of lot A of lactose, expiring on 2026-12-31
      And the receiver has received container C1 of the first and container C2 of the second
      And both were put away and the lot of container C1 was released
      And a started order for 30.000 kg of lactose by version 3 of its approved bill of materials
      When production requests 30.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer
