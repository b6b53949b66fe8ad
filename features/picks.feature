Feature: Picks
  Production asks the warehouse for material; the warehouse sets stock aside, a picker scans and
  brings it, and both systems know where it went.

  Background:
    Given it is 2026-03-30 09:00 at the site

  @URS-PCK-001 @risk-high @OQ @mes @wms @blackbox
  Rule: A pick request allocates only what the approved bill of materials and the lot status allow
    A pick request shall carry the order's approved BOM version and allocate only items, versions
    and quantities on it, from RELEASED lots in date with the minimum remaining shelf life; where
    none fits, nothing is allocated and the reason is returned.
    Clauses: 21 CFR 211.84(a); 21 CFR 211.101(c)(1)
    See: 21 CFR 211.137

    @accepts
    Scenario: The lot that expires first is set aside for a request on the approved bill
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-10-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When production requests 10.000 kg for the order
      Then the command is done
      And the warehouse has set aside 10.000 kg of lot B for the request, and nothing else
      And the message and its acknowledgement stand in both journals

    @accepts
    Scenario: Where a lot drops out, another one that fits takes its place
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-10-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When quality has decided that lot A is BLOCKED, and the warehouse knows
      Then the warehouse has set aside 10.000 kg of lot B for the request, and nothing else

    @accepts
    Scenario: A request that fell short is served by the next release, and only by a lot that fits
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-04-28
      And lot C of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose with 30 days of minimum shelf life
      And production has requested 10.000 kg for the order
      When quality has decided that lot A is RECALLED, and the warehouse knows
      Then the warehouse has set aside nothing for the request
      When quality has decided that lot C is RELEASED, and the warehouse knows
      Then the warehouse has set aside 10.000 kg of lot C for the request, and nothing else

    @refuses
    Scenario: Where released stock does not suffice, nothing is set aside
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And lot B of lactose, 9.000 kg, released, expiring on 2026-10-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A lot without the minimum remaining shelf life is left where it is
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-04-28
      And a started order for 10.000 kg of lactose with 30 days of minimum shelf life
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario Outline: Stock that is not released is not set aside: <status>
      Given lot A of lactose, 25.000 kg, <status>, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | status        |
        | in quarantine |
        | blocked       |
        | rejected      |
        | expired       |
        | recalled      |
        | closed        |

    @refuses
    Scenario Outline: A lot that was set aside and then dropped out is not picked: <status>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      And quality has decided that lot A is <status>, and the warehouse knows
      When the picker scans the container of lot A and brings 25.000 kg
      Then it is refused with SCAN_NOT_ALLOCATED at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | status     |
        | QUARANTINE |
        | BLOCKED    |
        | REJECTED   |
        | EXPIRED    |
        | RECALLED   |
        | CLOSED     |

    @refuses
    Scenario: Stock that another order has set aside is not set aside again
      Given lot A of lactose, 10.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      And a started order for 0.001 kg of lactose by version 3 of its approved bill of materials
      When production requests 0.001 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: Two requests together stay within the bill of materials
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 6.000 kg for the order
      When production requests 4.001 kg for the order
      Then it is refused with QUANTITY_NOT_ON_BOM at lines[0].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A bill of materials that nobody approved is not picked for
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of a bill that nobody approved
      When production requests 10.000 kg for the order
      Then it is refused with BOM_NOT_APPROVED at bomVersion
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario Outline: A message that departs from the bill of materials is refused: <departure>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the MES counterpart sends a pick request with <departure>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | departure                | code                | path                        |
        | version 2 of the bill    | BOM_NOT_APPROVED    | data.bomVersion             |
        | another bill             | BOM_NOT_APPROVED    | data.bomId                  |
        | an item not on the bill  | NOT_ON_BOM          | data.lines[0].materialId    |
        | 10.001 kg                | QUANTITY_NOT_ON_BOM | data.lines[0].quantity      |
        | a tolerance of 0.051 kg  | QUANTITY_NOT_ON_BOM | data.lines[0].toleranceHigh |
        | its quantity in grams    | UNIT_NOT_BASE_UNIT  | data.lines[0].quantity.unit |

  @URS-PCK-002 @risk-high @OQ @wms @blackbox
  Rule: A pick confirmation names its request, and the scanned container is the allocated one
    A pick confirmation shall name its request, and the scanned container shall equal the allocated
    one; every negative scan (wrong lot, wrong GTIN, wrong container, unreadable, plain text,
    foreign symbology) shall block the step.
    Clauses: EU GMP Annex 11 §5; EU GMP Annex 11 §6

    @accepts
    Scenario: The allocated container is scanned and stands in staging in both systems
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      When the picker scans the container of lot A and brings 25.000 kg
      Then the command is done
      And after delivery both systems show 25.000 kg of lot A in staging

    @refuses
    Scenario Outline: A negative scan blocks the step: <scan>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, released, expiring on 2027-12-31
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      When the picker scans <scan> and brings 25.000 kg
      Then it is refused with <code> at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | scan                                        | code               |
        | the container of lot B                      | SCAN_NOT_ALLOCATED |
        | the container of lot A with the lot of B    | SCAN_NOT_ALLOCATED |
        | the container of lot A with a longer lot    | SCAN_NOT_ALLOCATED |
        | the container of lot A with another item    | SCAN_NOT_ALLOCATED |
        | the container of lot A as another item      | SCAN_NOT_ALLOCATED |
        | a container nobody knows                    | SCAN_NOT_ALLOCATED |
        | an SSCC with a wrong check digit            | SCAN_UNREADABLE    |
        | a label without an SSCC                     | SCAN_UNREADABLE    |
        | the digits of the label as plain text       | SCAN_UNREADABLE    |
        | an EAN-13 of a retail pack                  | SCAN_UNREADABLE    |
        | the label in a plain Code 128               | SCAN_UNREADABLE    |
        | the label in a plain Data Matrix            | SCAN_UNREADABLE    |
        | the label in a plain QR code                | SCAN_UNREADABLE    |

    @refuses
    Scenario: A confirmation for a request that does not exist is refused
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the picker confirms lot A for a request that nobody made
      Then it is refused with UNKNOWN_REQUEST at requestId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A request that was picked in full takes no further pick
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      And the picker has brought 10.000 kg of lot A in a container of its own
      When the picker scans the container of lot A and brings 0.010 kg in a container of its own
      Then it is refused with UNKNOWN_REQUEST at requestId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

  @URS-PCK-003 @risk-high @OQ @wms @blackbox
  Rule: Partial picks and split lots sum to the requested quantity
    Partial picks and split lots shall sum to the requested quantity; a pick beyond tolerance shall
    be refused.
    Clauses: 21 CFR 211.101(b); 21 CFR 211.101(c)(2)

    @accepts
    Scenario: Two lots and two containers together give exactly what was requested
      Given lot A of lactose, 6.250 kg, released, expiring on 2026-10-31
      And lot B of lactose, 20.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 6.250 kg
      And the picker scans the container of lot B and brings 3.750 kg in a container of its own
      Then after delivery both systems show 10.000 kg picked for the request
      And both systems show 6.250 kg of lot A and 3.750 kg of lot B in staging
      And both systems show that the new container came out of the container of lot B

    @accepts
    Scenario: A pick may go as far as the tolerance
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 10.050 kg in a container of its own
      Then the command is done
      And after delivery both systems show 10.050 kg of lot A in staging

    @refuses
    Scenario Outline: A second pick that would go beyond the tolerance is refused: <amount> kg
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      And the picker has brought 6.000 kg of lot A in a container of its own
      When the picker scans the container of lot A and brings <amount> kg in a container of its own
      Then it is refused with QUANTITY_ABOVE_TOLERANCE at quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples: the tolerance is 0.050 kg, so 4.050 kg are open; the second is one unit beyond it
        | amount   |
        | 4.051    |
        | 4.050001 |

    @refuses
    Scenario: A container gives no more than it holds
      Given lot A of lactose, 10.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 10.001 kg in a container of its own
      Then it is refused with QUANTITY_ABOVE_TOLERANCE at quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A container gives nothing of what other requests have set aside
      Given lot A of lactose, 10.000 kg, released, expiring on 2026-12-31
      And a started order for 6.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 6.000 kg for the order
      And a started order for 4.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 4.000 kg for the order
      When the picker scans the container of lot A and brings 4.001 kg in a container of its own
      Then it is refused with QUANTITY_ABOVE_TOLERANCE at quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A part goes into no container whose label was used before
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, released, expiring on 2027-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 4.000 kg in the container of lot B
      Then it is refused with CONTAINER_IN_USE at toContainer
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A pick in another unit is refused
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 4.000 grams in a container of its own
      Then it is refused with UNIT_NOT_BASE_UNIT at quantity.unit
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer
