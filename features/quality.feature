Feature: Deviations and actions
  What went otherwise than planned is a deviation: it is investigated, concluded by the quality unit
  with a signature, and what is done about it is proven before it counts as done.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31

  @URS-QMS-001 @risk-medium @OQ @mes @wms @blackbox
  Rule: What differs opens a deviation, which only a signed conclusion closes
    A reconciliation difference, an adjustment above threshold or an out-of-tolerance override shall
    open a deviation with affected lots and batches; it closes only with a signed conclusion, and
    CAPA links are kept.
    Clauses: 21 CFR 211.192
    See: ISO 13485 8.3

    @accepts
    Scenario: An override of a weight opens a deviation that names lot and order
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for at least 9.960 kg, 10.000 kg and at most 10.040 kg of lactose
      When the dispenser weighs 10.041 kg of lot A, overridden by the second dispenser and quality
      Then the command is done
      And MES shows one open deviation TOLERANCE_OVERRIDE that names lot A and the order

    @accepts
    Scenario: A label count within the limit of its order opens a deviation
      Given an order that packs lot Q of tablets, expiring on 2026-12-31, of which 1 label may be missing
      And the packer has printed a label for a case of 2 units of lot Q that came out smeared
      And the packer has spoiled the label for the reason "torn in the printer"
      When the packer counts 0 labels applied and 0 destroyed for the order of lot Q, "lost in the shredder"
      Then the command is done
      And MES shows one open deviation RECONCILIATION_DIFFERENCE that names lot Q and its order

    @accepts
    Scenario: An adjustment above the threshold opens one, which quality investigates and closes in MES
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And an open deviation about an adjustment of lot A
      And quality has entered the finding "the bag was torn by a fork"
      And quality has opened an action for the deviation
      When quality closes the deviation with the conclusion "no effect on other lots"
      Then the command is done
      And MES shows the deviation closed, with finding, conclusion, signature and its action

    @refuses
    Scenario Outline: A deviation is not closed: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And an open deviation about an adjustment of lot A
      And <before>
      When quality closes <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                        | before                                                  | code              | path         |
        | the deviation as it is                      | nobody has investigated it                              | NOT_INVESTIGATED  | deviationId  |
        | the deviation without a conclusion          | quality has entered the finding "torn by a fork"        | REASON_TOO_SHORT  | conclusion   |
        | the deviation with a wrong password         | quality has entered the finding "torn by a fork"        | SIGNATURE_REFUSED | signature    |
        | the deviation with another's signature      | quality has entered the finding "torn by a fork"        | SIGNATURE_REFUSED | signature    |
        | a deviation nobody knows                    | quality has entered the finding "torn by a fork"        | UNKNOWN_DEVIATION | deviationId  |
        | the deviation as it is                      | quality has closed the deviation                        | DEVIATION_CLOSED  | deviationId  |

    @refuses
    Scenario: Nothing closes without a signature
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And an open deviation about an adjustment of lot A
      And quality has entered the finding "torn by a fork"
      When quality closes the deviation without a signature
      Then it is refused with SCHEMA_VIOLATION at signature
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: What nobody can follow is refused: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And an open deviation about an adjustment of lot A
      When quality enters <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | what                                   | code              | path            |
        | a finding of a deviation nobody knows  | UNKNOWN_DEVIATION | deviationId     |
        | a finding that says nothing            | REASON_TOO_SHORT  | finding         |
        | an action for a deviation nobody knows | UNKNOWN_DEVIATION | deviationIds[1] |
        | an action that says nothing            | REASON_TOO_SHORT  | action          |

    @refuses
    Scenario: A deviation that an event has opened is not opened once more
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And an open deviation about an adjustment of lot A
      When quality opens the deviation once more
      Then it is refused with ALREADY_EXISTS at deviationId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

  @URS-QMS-002 @risk-medium @OQ @mes @blackbox
  Rule: An action closes only with the proof that it worked
    A CAPA shall close only with change id, updated risk item, rerun evidence and effectiveness
    check.
    Clauses: EU GMP Annex 11 §13
    See: ISO 13485 8.5.2

    @accepts
    Scenario: With all four pieces of evidence and a signature, an action is closed
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And an open deviation about an adjustment of lot A
      And quality has opened an action for the deviation
      When quality closes the action with all of its evidence
      Then the command is done
      And MES shows the action closed, with its deviation, all evidence and the signature

    @refuses
    Scenario Outline: An action is not closed: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And an open deviation about an adjustment of lot A
      And quality has opened an action for the deviation
      When quality closes the action <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                   | code                  | path                    |
        | without a change                       | CAPA_INCOMPLETE       | changeId                |
        | without a risk item                    | CAPA_INCOMPLETE       | riskItem                |
        | without a run                          | CAPA_INCOMPLETE       | rerun                   |
        | without a check of its effect          | CAPA_INCOMPLETE       | effectiveness           |
        | with a check of the day before it began | CAPA_INCOMPLETE      | effectiveness.checkedOn |
        | with a check of tomorrow               | CAPA_INCOMPLETE       | effectiveness.checkedOn |
        | with the risk item as it was           | RISK_ITEM_NOT_UPDATED | riskItem                |
        | with another risk item                 | RISK_ITEM_NOT_UPDATED | riskItem                |
        | although it had no effect              | CAPA_NOT_EFFECTIVE    | effectiveness.verdict   |
        | with a wrong password                  | SIGNATURE_REFUSED     | signature               |

    @refuses
    Scenario: What is closed, or was never opened, is not closed
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And an open deviation about an adjustment of lot A
      And quality has opened an action for the deviation
      And quality has closed the action
      When quality closes the action with all of its evidence
      Then it is refused with CAPA_CLOSED at capaId
      And nothing has changed but the record of this and its refusal
      When quality closes an action nobody knows
      Then it is refused with UNKNOWN_CAPA at capaId
      And nothing has changed but the record of this and its refusal
