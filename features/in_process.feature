Feature: In process, and given up
  What production has weighed out goes on through its places; what is given up, there or in stock,
  leaves the books of both systems.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lactose is kept at room temperature
    And a scale whose calibration ends on 2026-12-31
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
    And a blending room and a cold room of production

  @URS-WIP-001 @risk-medium @OQ @mes @wms @blackbox
  Rule: A transfer between places of production shows in both systems and in EPCIS
    A WIP transfer between production locations shall appear in both systems' views of the lot, and
    in EPCIS.
    Clauses: 21 CFR 211.188(b)

    @accepts
    Scenario: A dispensed container goes to the blending room
      Given the dispenser has weighed 10.000 kg of lot A
      When production brings the dispensed container to the blending room
      Then the command is done
      And after delivery both systems show 10.000 kg of lot A brought from staging to the blending room
      And both systems show the dispensed container in the blending room
      And the message about the transfer tells EPCIS of departing staging and arriving in the blending room
      And after delivery both systems show 15.000 kg of lot A in staging

    @accepts
    Scenario: The next transfer goes on from where the last one ended
      Given the dispenser has weighed 10.000 kg of lot A
      And production has brought the dispensed container to the blending room
      When production brings the dispensed container to staging
      Then the command is done
      And after delivery both systems show 10.000 kg of lot A brought from the blending room to staging
      And both systems show the dispensed container in staging

    @refuses
    Scenario Outline: What is not in process or may not go there stays: <what>
      Given the dispenser has weighed 10.000 kg of lot A
      When production brings <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                                | code              | path       |
        | the staged container to the blending room           | UNKNOWN_CONTAINER | scan       |
        | the dispensed container to staging                  | ALREADY_THERE     | toLocation |
        | the dispensed container to the rack                 | WRONG_PURPOSE     | toLocation |
        | the dispensed container to a place nobody knows     | UNKNOWN_LOCATION  | toLocation |
        | the dispensed container, for an order nobody knows, to the blending room | UNKNOWN_ORDER | orderId |

    @refuses
    Scenario: Material on hold goes no further
      Given the dispenser has weighed 10.000 kg of lot A
      And quality has blocked lot A
      When production brings the dispensed container to the blending room
      Then it is refused with CONTAINER_LOCKED at scan
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: Material that is kept at room temperature does not go into the cold
      Given the dispenser has weighed 10.000 kg of lot A
      When production brings the dispensed container to the cold room
      Then it is refused with TEMPERATURE_MISMATCH at toLocation
      And nothing has changed but the record of this and its refusal

  @URS-ADJ-003 @risk-high @OQ @mes @wms @blackbox
  Rule: Scrap leaves the books of both systems once, above a threshold by two persons
    Scrapping shall need a reason and, above the site's threshold, a second person; what is scrapped
    shall leave the books of both systems exactly once, and its serial numbers shall never be used
    again.
    Clauses: 21 CFR 211.184(c); 21 CFR 211.192; 21 CFR 211.204

    @accepts
    Scenario Outline: The warehouse gives up stock: <amount>
      When the supervisor scraps <amount> of lot A <second>
      Then the command is done
      And after delivery both systems show <left> of lot A in staging
      And both systems show <amount> of lot A scrapped out of stock, <verified>
      And the message about the scrap tells EPCIS of destroying

      Examples: at the threshold, and above it
        | amount   | second                                 | left      | verified            |
        | 1.000 kg | alone                                  | 24.000 kg | verified by nobody  |
        | 1.001 kg | with the signature of quality          | 23.999 kg | verified by quality |

    @accepts
    Scenario: Production gives up a part of what it has dispensed, and stock stays as it is
      Given the dispenser has weighed 10.000 kg of lot A
      When the dispenser scraps 0.500 kg of the dispensed container
      Then the command is done
      And after delivery both systems show 15.000 kg of lot A in staging
      And both systems show 0.500 kg of lot A scrapped in process, verified by nobody
      And production shows 10.000 kg of lot A issued, of which 0.500 kg is scrapped

    @refuses
    Scenario Outline: What may not be given up so stays: <scrap>
      When the supervisor scraps <scrap>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | scrap                                                   | code                   | path                |
        | 1.001 kg of lot A alone                                 | SECOND_PERSON_REQUIRED | verification        |
        | 1.001 kg of lot A with the signature of the supervisor  | VERIFIER_IS_PERFORMER  | verification.userId |
        | 1.001 kg of lot A with the signature of the picker      | SIGNATURE_REFUSED      | verification        |
        | 1.001 kg of lot A with a wrong password of quality      | SIGNATURE_REFUSED      | verification        |
        | 25.001 kg of lot A with the signature of quality        | QUANTITY_ABOVE_CONTENT | quantity            |
        | 1.000 kg of lot A for the reason "torn"                 | REASON_TOO_SHORT       | reason              |
        | 1.000 kg of a container nobody knows                    | UNKNOWN_CONTAINER      | scan                |

    @refuses
    Scenario: What is blocked is not scrapped before quality has decided on it
      Given quality has blocked lot A
      When the supervisor scraps 1.000 kg of lot A alone
      Then it is refused with CONTAINER_LOCKED at scan
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A destroyed unit is never packed again
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And case 1 with 2 units of lot P
      And the supervisor has scrapped the first unit of case 1
      And the packer has printed a label for a case of 1 units of lot P
      And a scanner has read the printed label, and MES has compared it
      When the packer closes that case with the first unit of case 1
      Then it is refused with SERIAL_NOT_ACTIVE at serials[0]
      And nothing has changed but the record of this and its refusal
