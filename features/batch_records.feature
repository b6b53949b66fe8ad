Feature: Batch records
  What was done for a batch, by whom, with what and how much of it came out: complete before quality
  signs, equal to what the warehouse moved, and the gate in front of every release.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged

  @URS-BPR-001 @risk-high @OQ @mes @blackbox
  Rule: A batch record is complete, or what it lacks is named and nothing completes it
    The electronic batch record shall be complete: the signed master-record version; steps with
    times, equipment, line clearance, material lots and exact quantities, weights and measures,
    containers and closures, sampling, in-process results, yield and percentage of theoretical yield,
    label specimens and reconciliation, examination, investigations, and the persons who performed and
    who checked; a missing element is named and blocks completion.
    Clauses: 21 CFR 211.188; 21 CFR 211.134

    @accepts
    Scenario: A record that lacks nothing is completed by quality, and shows everything
      Given lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      When quality completes the batch record of lot P
      Then the command is done
      And the record shows the master record's version with its signature, and quality's own
      And it shows each step and test with times, equipment, performer and checker
      And it shows 4.000 kg of lot A with gross, tare, scale and both people
      And it shows a yield of 2 pieces, 50.00 % of 4, a label that was read back, and its balance

    @refuses
    Scenario: A record in which nobody entered anything names all that it lacks
      Given an order that makes lot P of tablets by a master record that nobody signed
      When quality completes the batch record of lot P
      Then it is refused with BATCH_RECORD_INCOMPLETE at orderId
      And the refusal and the record name each of these elements
        | element              |
        | MASTER_RECORD        |
        | STEP                 |
        | IN_PROCESS_RESULT    |
        | LINE_CLEARANCE       |
        | CONTAINER_CLOSURE    |
        | SAMPLING             |
        | EXAMINATION          |
        | COMPONENT            |
        | YIELD                |
        | LABEL_SPECIMEN       |
        | LABEL_RECONCILIATION |
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario Outline: One element that is missing is enough: <element>
      Given lot P of tablets was made out of 4.000 kg of lot A, and all but the <element> was recorded
      When quality completes the batch record of lot P
      Then it is refused with BATCH_RECORD_INCOMPLETE at orderId
      And the refusal and the record name <code> alone
      And nothing has changed but the record of this and its refusal

      Examples:
        | element           | code                 |
        | line clearance    | LINE_CLEARANCE       |
        | in-process result | IN_PROCESS_RESULT    |
        | label balance     | LABEL_RECONCILIATION |

    @refuses
    Scenario Outline: An entry that proves nothing is refused: <entry>
      Given an order that makes lot P of tablets by a master record that nobody signed
      When production enters <entry>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | entry                                  | code                  | path                |
        | a step that was checked by itself      | VERIFIER_IS_PERFORMER | verification.userId |
        | a step with a wrong password           | SIGNATURE_REFUSED     | verification        |
        | a step that the master record lacks    | NOT_ON_MASTER_RECORD  | item                |
        | a step without equipment               | ENTRY_INCOMPLETE      | equipmentId         |
        | a step on equipment nobody knows       | UNKNOWN_EQUIPMENT     | equipmentId         |
        | a step that ends before it begins      | ENTRY_INCOMPLETE      | endedAt             |
        | a test without its result              | ENTRY_INCOMPLETE      | quantity            |

    @refuses
    Scenario Outline: An entry that has no place is refused: <code>
      Given <made>
      When production enters a step once more
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | code             | path    | made                                                                            |
        | NO_MASTER_RECORD | orderId | an order that makes lot P of tablets out of lactose                             |
        | ALREADY_EXISTS   | item    | lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded |

    @refuses
    Scenario: A completed record takes nothing more
      Given lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      And quality has completed the batch record of lot P
      When production enters a step once more
      Then it is refused with BATCH_RECORD_COMPLETED at orderId
      And nothing has changed but the record of this and its refusal

  @URS-BPR-002 @risk-high @PQ @mes @wms @blackbox
  Rule: The batch record's lots and containers are those that the warehouse moved
    The batch record's genealogy shall equal the WMS movements of the same identifiers, for every lot
    and container.
    Clauses: 21 CFR 211.184(c); 21 CFR 211.188(b)(3)

    @accepts
    Scenario: Issues, returns and packed units are the same in both, to the gram and the piece
      Given an order that makes lot P of tablets out of lactose
      And the dispenser has weighed 4.000 kg of lot A for lot P
      And the dispenser has weighed 3.000 kg of lot A for lot P
      And production has returned 1.000 kg of the dispensed container in a container of its own
      And case 1 with 2 units of lot P
      When the batch record of lot P is compared with the movements of the warehouse
      Then they agree in 2 issues, 1 return and 1 packed unit

    @control
    Scenario: A movement that no batch record knows is reported
      Given an order that makes lot P of tablets out of lactose
      And the dispenser has weighed 4.000 kg of lot A for lot P
      And the MES counterpart has sent the issue of 1.000 kg of lot A
      When the batch record of lot P is compared with the movements of the warehouse
      Then the comparison reports that movement and nothing else

  @URS-BPR-003 @risk-high @OQ @mes @wms @blackbox
  Rule: A packed lot stays in quarantine until quality signs, and quality signs for a settled record
    Packed lots shall be QUARANTINE in both systems until quality signs; release is refused while
    batch record, deviations, results or WMS-acknowledged SSCC content are incomplete.
    Clauses: 21 CFR 211.142(a); see 21 CFR 211.165(a); 21 CFR 211.192
    Outside: whether a batch record that is kept on paper is complete, which a person judges

    @accepts
    Scenario: With its record completed a packed lot is released, and not before
      Given lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      And both systems show the packed lot P as QUARANTINE
      And quality has completed the batch record of lot P
      When quality releases lot P with a signature
      Then the command is done
      And after delivery both systems show lot P as RELEASED

    @refuses
    Scenario Outline: What is not settled keeps a lot in quarantine: <open>
      Given lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      And <open>
      When quality releases lot P with a signature
      Then it is refused with RELEASE_BLOCKED at lotId
      And the refusal names what is open
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | open                                                    |
        | the record of lot P is not completed                    |
        | the record of lot P is completed with an open deviation |

    @refuses
    Scenario: A result outside its limits keeps a lot in quarantine
      Given the hardness came out as 6
      And lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      And quality has completed the batch record of lot P
      When quality releases lot P with a signature
      Then it is refused with RELEASE_BLOCKED at lotId
      And the refusal names what is open
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A packed case that the warehouse has not acknowledged keeps its lot in quarantine
      Given MES does not reach the warehouse
      And lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      And quality has completed the batch record of lot P, with case 1 on its way
      When quality releases lot P with a signature
      Then it is refused with RELEASE_BLOCKED at lotId
      And the refusal names what is open
      And nothing has changed but the record of this and its refusal

    @accepts
    Scenario: A packed lot whose batch record is on paper is released once nothing of it is open
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And case 1 with 2 units of lot P
      When quality releases lot P with a signature
      Then the command is done
      And after delivery both systems show lot P as RELEASED

    @refuses
    Scenario Outline: Paper excuses nothing that these systems know: <open>
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And case 1 with 2 units of lot P, and <open>
      When quality releases lot P with a signature
      Then it is refused with RELEASE_BLOCKED at lotId
      And the refusal names what is open
      And nothing has changed but the record of this and its refusal

      Examples:
        | open                                            |
        | nobody has looked into a piece that is missing  |
        | the warehouse has not heard of it               |

  @URS-BPR-004 @risk-medium @OQ @mes @blackbox
  Rule: The record of a device holds its UDI, quantities, acceptance and primary label
    For a device, the history record shall hold UDI, quantities made and released, acceptance records
    and primary label.
    Clauses: see ISO 13485 7.5.1; see 21 CFR 820.35(c)

    @accepts
    Scenario: The record of a released device is a history record
      Given lot P of a device was made out of 4.000 kg of lot A, and everything was recorded
      And quality has completed the batch record of lot P
      And quality has released lot P
      When the batch record of lot P is read
      Then it shows the UDI of 2 units, 2 made, 2 released, its acceptance and its primary label

    @refuses
    Scenario: A device that nobody accepted has no complete record
      Given lot P of a device was made out of 4.000 kg of lot A, and all but the acceptance was recorded
      When quality completes the batch record of lot P
      Then it is refused with BATCH_RECORD_INCOMPLETE at orderId
      And the refusal and the record name ACCEPTANCE alone
      And nothing has changed but the record of this and its refusal
