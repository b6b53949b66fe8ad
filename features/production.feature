Feature: Production
  What production gives back, and what is computed when an order ends instead of being weighed.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31

  @URS-DSP-005 @risk-medium @OQ @mes @wms @blackbox
  Rule: What comes back from production is a container of its own, in quarantine
    Material returned from production shall become its own sub-lot, QUARANTINE by default, with its
    origin kept.
    Clauses: 21 CFR 211.87
    See: 21 CFR 211.80(d)

    @accepts
    Scenario: A part of a dispensed container comes back in a container of its own
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the dispenser has weighed 10.000 kg of lot A
      When production returns 2.500 kg of the dispensed container in a container of its own
      Then the command is done
      And after delivery both systems show 2.500 kg of lot A in quarantine in the rack
      And both systems show where the returned container came from
      And production shows 10.000 kg of lot A issued and 2.500 kg returned

    @accepts
    Scenario: A staged container that was not used up comes back under its own label
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When production returns 25.000 kg of the staged container under its own label
      Then the command is done
      And after delivery both systems show 25.000 kg of lot A in quarantine in the rack

    @refuses
    Scenario Outline: What cannot come back is refused: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the dispenser has weighed 10.000 kg of lot A
      And production has returned 2.500 kg of the dispensed container in a container of its own
      When production returns <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                                             | code                 | path         |
        | 7.501 kg of the dispensed container in a container of its own    | RETURN_ABOVE_ISSUED  | quantity     |
        | 7.000 kg of the dispensed container under its own label          | CONTAINER_IN_USE     | newContainer |
        | 7.000 kg of the dispensed container in the container of lot A    | CONTAINER_IN_USE     | newContainer |
        | 7.000 kg of the dispensed container to nowhere                   | UNKNOWN_LOCATION     | toLocation   |
        | 7.000 kg of a container nobody knows                             | UNKNOWN_CONTAINER    | container    |
        | 7.000 kg of the dispensed container, scanning that of lot A      | SCAN_NOT_ALLOCATED   | scan         |

    @refuses
    Scenario: Returned material is not allocated, although its lot is released
      Given lot A of lactose, 10.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the dispenser has weighed 10.000 kg of lot A
      And production has returned 10.000 kg of the dispensed container under its own label
      And everything is delivered
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal

  @URS-DSP-003 @risk-medium @OQ @mes @wms @blackbox
  Rule: Backflush posts the bill of materials times what was made, and shows what is left
    In backflush mode the consumption posted at batch completion shall equal BOM per unit ×
    (confirmed good + scrap), and staged − consumed − returned shall be zero or an open discrepancy.
    Clauses: 21 CFR 211.103; 21 CFR 211.184(c)

    @accepts
    Scenario: Consumption follows what was made, and what is left stays open until it comes back
      Given starch in backflush, decided by a signed record of low risk
      And lot S of starch, 10.000 kg, released, expiring on 2026-12-31
      And a started order of 1000 pieces with 10.000 kg of starch
      And production has requested 10.000 kg for the order
      And the picker has brought all of lot S
      When production completes the order with 950 good and 30 scrap pieces
      Then the command is done
      And after delivery both systems show 0.200 kg of lot S in staging
      And production shows 10.000 kg staged, 9.800 kg consumed, 0.000 kg returned and 0.200 kg open
      When production returns 0.200 kg of the staged container of lot S under its own label
      Then the command is done
      And production shows 10.000 kg staged, 9.800 kg consumed, 0.200 kg returned and 0.000 kg open

    @refuses
    Scenario Outline: Consumption that cannot be posted exactly is refused: <what>
      Given starch in backflush, decided by a signed record of low risk
      And lot S of starch, 10.000 kg, released, expiring on 2026-12-31, staged
      And a started order of <size> pieces with 10.000 kg of starch
      When production completes the order with <good> good and <scrap> scrap pieces
      Then it is refused with <code> at goodQuantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                 | size | good | scrap | code                   |
        | more than is staged  | 1000 | 999  | 2     | QUANTITY_ABOVE_CONTENT |
        | a third of a gram    | 3000 | 100  | 1     | QUANTITY_NOT_EXACT     |

  @URS-DSP-008 @risk-high @OQ @mes @blackbox
  Rule: How a material is issued is decided in a signed risk record
    The issue mode of a material (real time, backflush) shall come from a signed risk record;
    backflush of actives or high-risk material is refused.
    Clauses: 21 CFR 211.101(b); 21 CFR 211.101(c); 21 CFR 211.101(d)

    @accepts
    Scenario: With a signed record of low risk the order starts, and its consumption is computed
      Given starch in backflush, decided by a signed record of low risk
      And lot S of starch, 10.000 kg, released, expiring on 2026-12-31, staged
      And a planned order of 1000 pieces with 10.000 kg of starch
      When production starts the order
      And production completes the order with 1000 good pieces
      Then the command is done
      And after delivery both systems show no lot S in staging

    @refuses
    Scenario Outline: Without a record that bears it, an order with backflush does not start: <record>
      Given starch in backflush, decided by <record>
      And a planned order of 1000 pieces with 10.000 kg of starch
      When production starts the order
      Then it is refused with BACKFLUSH_NOT_ALLOWED at orderId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | record                            |
        | no record                         |
        | an unsigned record of low risk    |
        | a signed record of high risk      |
        | a signed record of an active      |

    @refuses
    Scenario: What is computed at the end is not weighed out before
      Given starch in backflush, decided by a signed record of low risk
      And lot S of starch, 10.000 kg, released, expiring on 2026-12-31, staged
      And a started order of 1000 pieces with 10.000 kg of starch
      When the dispenser weighs 10.000 kg of lot S
      Then it is refused with WRONG_ISSUE_MODE at lineId
      And nothing has changed but the record of this and its refusal
