Feature: Dispensing
  A dispenser weighs material out of a staged container for an order, a second person verifies it,
  and the warehouse takes out of its stock exactly what was weighed.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31

  @URS-DSP-001 @risk-high @OQ @mes @wms @blackbox
  Rule: A weight outside its tolerance is not dispensed without two signatures
    A dispensed net weight outside the tolerance band shall be refused; its override shall need two
    different persons' e-signatures.
    Clauses: 21 CFR 211.101(c)(2); 21 CFR 11.200

    @accepts
    Scenario Outline: Either end of the band is dispensed: <weight>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for at least 9.960 kg, 10.000 kg and at most 10.040 kg of lactose
      When the dispenser weighs <weight> of lot A as the final part
      Then the command is done
      And after delivery both systems show <left> of lot A in staging
      And production shows <weight> of lot A issued to the order

      Examples:
        | weight    | left      |
        | 9.960 kg  | 15.040 kg |
        | 10.040 kg | 14.960 kg |

    @accepts
    Scenario: A weight outside the band is used when two persons have signed for it
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for at least 9.960 kg, 10.000 kg and at most 10.040 kg of lactose
      When the dispenser weighs 10.041 kg of lot A, overridden by the second dispenser and quality
      Then the command is done
      And after delivery both systems show 14.959 kg of lot A in staging
      And the issue carries the reason and the signatures of the second dispenser and quality

    @refuses
    Scenario Outline: A weight outside the band is refused: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for at least 9.960 kg, 10.000 kg and at most 10.040 kg of lactose
      And the dispenser has weighed <before> of lot A
      When the dispenser weighs <weight> of lot A as <part>
      Then it is refused with WEIGHT_OUT_OF_TOLERANCE at gross
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                | before   | weight   | part           |
        | the final part is a gram too small  | 1.000 kg | 8.959 kg | the final part |
        | the sum is a gram too large         | 6.000 kg | 4.041 kg | another part   |

    @refuses
    Scenario Outline: An override without two valid signatures is refused: <override>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for at least 9.960 kg, 10.000 kg and at most 10.040 kg of lactose
      When the dispenser weighs 10.041 kg of lot A, overridden by <override>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | override                                        | code                 | path                  |
        | quality and quality                             | SIGNERS_NOT_DIFFERENT | override.approvals    |
        | the second dispenser and the dispenser          | SIGNERS_NOT_DIFFERENT | override.approvals    |
        | quality and the dispenser with a wrong password | SIGNATURE_REFUSED    | override.approvals[1] |
        | the dispenser and quality without a reason      | REASON_TOO_SHORT     | override.reason       |

    @refuses
    Scenario: An override of a weight that needs none is refused
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for at least 9.960 kg, 10.000 kg and at most 10.040 kg of lactose
      When the dispenser weighs 10.040 kg of lot A, overridden by the second dispenser and quality
      Then it is refused with OVERRIDE_NOT_NEEDED at override
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: An order whose line is not fully dispensed is not completed
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for at least 9.960 kg, 10.000 kg and at most 10.040 kg of lactose
      And the dispenser has weighed 9.959 kg of lot A
      When production completes the order with 10.000 kg
      Then it is refused with LINE_NOT_DISPENSED at orderId
      And nothing has changed but the record of this and its refusal

  @URS-DSP-002 @risk-high @OQ @mes @wms @blackbox
  Rule: One dispense reduces the warehouse's stock exactly once
    One dispense shall reduce WMS inventory exactly once, in the WMS base unit, by the exact
    converted quantity.
    Clauses: 21 CFR 211.184(c); EU GMP Annex 11 §5

    @accepts
    Scenario: Two dispenses leave exactly the difference, to the gram, in both systems
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 12.346 kg of lactose by version 3 of its approved bill of materials
      When the dispenser weighs 0.001 kg of lot A
      And the dispenser weighs 12.345 kg of lot A
      Then the command is done
      And after delivery both systems show 12.654 kg of lot A in staging
      And both systems show that the new container came out of the container of lot A
      And production shows 12.346 kg of lot A issued to the order

    @accepts
    Scenario: An issue that arrives again and again is posted once
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      When the MES counterpart sends the issue of 10.000 kg of lot A
      And 3 senders repeat it 6 times in all
      Then every repeat got the bytes of the first answer, marked as replayed
      When the MES counterpart sends the same issue of 10.000 kg under another key
      Then it gets the answer of the first, marked as replayed
      And the warehouse holds 15.000 kg of lot A in staging

    @accepts
    Scenario: An issue above the content of its container is posted, and an alarm is raised
      Given lot A of lactose, 10.000 kg, released, expiring on 2026-12-31, staged
      When the MES counterpart sends the issue of 10.001 kg of lot A
      Then it is acknowledged
      And the warehouse holds -0.001 kg of lot A in staging
      And the warehouse has raised the alarm QUANTITY_ABOVE_CONTENT about the issue

    @refuses
    Scenario: The same issue with another quantity conflicts
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And the MES counterpart has sent the issue of 10.000 kg of lot A
      When the MES counterpart sends the same issue of 10.001 kg under another key
      Then it is refused with BUSINESS_KEY_CONFLICT at data
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: What cannot be taken exactly is refused: <what>
      Given lot A of lactose, 10.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 12.000 kg of lactose by version 3 of its approved bill of materials
      When the dispenser weighs <what> of lot A
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what          | code                   | path       |
        | 10.001 kg     | QUANTITY_ABOVE_CONTENT | gross      |
        | 900.000 g     | UNIT_NOT_BASE_UNIT     | gross.unit |

  @URS-DSP-004 @risk-high @OQ @mes @blackbox
  Rule: Weights add up, on a calibrated scale, by qualified people
    net = gross − tare shall hold exactly; scale calibration and the operators' qualification shall
    be valid at the time of weighing.
    Clauses: 21 CFR 211.68(a); 21 CFR 211.25(a)

    @accepts
    Scenario: Up to the last microsecond of the day, scale and people may work
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the scale's calibration ends on 2026-03-30
      And the qualification of the dispenser ends on 2026-03-30
      And the qualification of the second dispenser ends on 2026-03-30
      And it is 2026-03-30 23:59:59.999999 at the site
      When the dispenser weighs gross 10.450 kg, tare 0.450 kg, net 10.000 kg of lot A
      Then the command is done
      And the weighing shows gross 10.450 kg, tare 0.450 kg, net 10.000 kg, scale and both people

    @refuses
    Scenario Outline: Weights that do not add up are refused: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the dispenser weighs gross <gross>, tare <tare>, net <net> of lot A
      Then it is refused with NET_NOT_GROSS_MINUS_TARE at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                  | gross     | tare     | net       | path  |
        | a gram more than net  | 10.450 kg | 0.450 kg | 10.001 kg | net   |
        | a gram less than net  | 10.450 kg | 0.450 kg | 9.999 kg  | net   |
        | an empty container    | 0.450 kg  | 0.450 kg | 0.001 kg  | gross |

    @refuses
    Scenario Outline: From the end of the day on nobody weighs: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And <what> ends on 2026-03-30
      And it is the instant 2026-03-30T22:00:00.000000Z
      When the dispenser weighs 10.000 kg of lot A
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                      | code                 | path                 |
        | the scale's calibration                   | SCALE_NOT_CALIBRATED | scaleId              |
        | the qualification of the dispenser        | NOT_QUALIFIED        | header:authorization |
        | the qualification of the second dispenser | NOT_QUALIFIED        | verification.userId  |

    @refuses
    Scenario Outline: What is no scale weighs nothing: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the dispenser weighs 10.000 kg of lot A on <what>
      Then it is refused with UNKNOWN_EQUIPMENT at scaleId
      And nothing has changed but the record of this and its refusal

      Examples:
        | what                   |
        | a printer              |
        | a scale nobody knows   |

  @URS-DSP-006 @risk-high @OQ @mes @blackbox
  Rule: Container, lot, status, expiry, potency and line are confirmed at the moment of weighing
    A dispense shall be accepted only after its source container was scanned and lot, status, expiry,
    potency and order line were confirmed at that moment.
    Clauses: 21 CFR 211.101(c)

    @accepts
    Scenario: A stronger lot is dispensed in the weight that its potency makes equal
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged, potency 102.5 %
      And a started order for exactly 10.250 kg of lactose at 100 % potency
      When the dispenser weighs 10.000 kg of lot A as the final part
      Then the command is done
      And after delivery both systems show 15.000 kg of lot A in staging
      And the issue carries the potency 102.5 %

    @refuses
    Scenario: A weight that disregards the lot's potency is refused
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged, potency 102.5 %
      And a started order for exactly 10.250 kg of lactose at 100 % potency
      When the dispenser weighs 10.250 kg of lot A as the final part
      Then it is refused with WEIGHT_OUT_OF_TOLERANCE at gross
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A lot without a potency is refused where the line depends on it
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for exactly 10.250 kg of lactose at 100 % potency
      When the dispenser weighs 10.000 kg of lot A
      Then it is refused with POTENCY_UNKNOWN at scan
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: A container that is not confirmed is refused: <scan>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31
      And lot C of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31, staged
      And lot D of lactose, 25.000 kg, released, expiring on 2026-03-29, staged
      And lot E of mannitol, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the dispenser scans <scan> and weighs 10.000 kg
      Then it is refused with <code> at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | scan                                     | code                 |
        | lot B, which stands in the rack          | CONTAINER_NOT_STAGED |
        | lot C, which is in quarantine            | LOT_NOT_RELEASED     |
        | lot D, which has expired                 | LOT_EXPIRED          |
        | lot E, which is mannitol                 | WRONG_MATERIAL       |
        | lot A with the lot of B on its label     | SCAN_NOT_ALLOCATED   |
        | a container nobody knows                 | UNKNOWN_CONTAINER    |
        | the digits of the label as plain text    | SCAN_UNREADABLE      |

    @refuses
    Scenario: A lot that was blocked after it was staged is refused
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the dispenser has weighed 4.000 kg of lot A
      And quality has blocked lot A
      When the dispenser weighs 6.000 kg of lot A
      Then it is refused with LOT_NOT_RELEASED at scan
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: Nothing is dispensed for what is not on order: <order>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a planned order for 10.000 kg of lactose
      When the dispenser weighs 10.000 kg of lot A for <order>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | order                          | code              | path    |
        | the order that is not started  | ORDER_NOT_STARTED | orderId |
        | an order nobody knows          | UNKNOWN_ORDER     | orderId |

    @refuses
    Scenario: Nothing is dispensed for a line that the order does not have
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the dispenser weighs 10.000 kg of lot A for another line
      Then it is refused with NOT_ON_BOM at lineId
      And nothing has changed but the record of this and its refusal

  @URS-DSP-007 @risk-high @OQ @mes @wms @blackbox
  Rule: A second person verifies each dispensed container, and its label says what it is
    Each dispensed container shall be verified by a second person (or by declared, qualified
    automation); its label carries item, receiving number, weight, product, strength and batch.
    Clauses: 21 CFR 211.101(b); 21 CFR 211.101(c)
    Outside: automation in the place of the second person; it is not declared, so a person verifies

    @accepts
    Scenario: The label is complete and the second person's signature travels
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the dispenser weighs 10.000 kg of lot A
      Then the command is done
      And the label carries item, receiving number, weight 10.000 kg, product, strength and batch
      And after delivery the issue carries the signature of the second dispenser

    @refuses
    Scenario Outline: Without a second person nothing is dispensed: <verifier>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the dispenser weighs 10.000 kg of lot A, verified by <verifier>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | verifier                                   | code                  | path                |
        | the dispenser                              | VERIFIER_IS_PERFORMER | verification.userId |
        | quality                                    | NOT_QUALIFIED         | verification.userId |
        | the second dispenser with a wrong password | SIGNATURE_REFUSED     | verification        |

    @refuses
    Scenario: A dispense that nobody verified is refused
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the dispenser weighs 10.000 kg of lot A, verified by nobody
      Then it is refused with SCHEMA_VIOLATION at verification
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A container whose label cannot be complete is not dispensed
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose without product, strength and batch
      When the dispenser weighs 10.000 kg of lot A
      Then it is refused with LABEL_DATA_MISSING at orderId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A label that was used before is not used again
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the dispenser has weighed 4.000 kg of lot A
      When the dispenser weighs 6.000 kg of lot A into the same container
      Then it is refused with CONTAINER_IN_USE at toContainer
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A label that was used at the scale is not used for a pick
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the dispenser has weighed 4.000 kg of lot A
      And production has requested 6.000 kg for the order
      And everything is delivered
      When the picker brings 6.000 kg of lot B in the dispensed container
      Then it is refused with CONTAINER_IN_USE at toContainer
      And nothing has changed but the record of this and its refusal
