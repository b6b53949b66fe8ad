Feature: Genealogy and recall
  From a lot to everything that was made of it, from a unit to everything that is in it, and how long
  it takes until nothing of a recalled lot can move.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31

  @URS-GEN-001 @risk-high @PQ @mes @wms @blackbox
  Rule: From a lot to all that was made of it, and back from a unit to all lots in it
    From any input lot the full list of affected batches, handling units and consignees shall be
    found, and from any unit all input lots; result equals the simulator's ground truth (recall and
    precision 100 %).
    Clauses: 21 CFR 211.150(b); 21 CFR 211.184(c); 21 CFR 211.188(b)(3); see ISO 13485 7.5.9

    @accepts
    Scenario: Both systems trace a lot to batch, cases, pallet and customer, and a unit back to it
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And an order that makes lot P of tablets out of lactose
      And the dispenser has weighed 4.000 kg of lot A for lot P
      And case 1 with 2 units of lot P
      And case 2 with 1 units of lot P
      And quality has released lot P
      And case 2 left the site for a customer
      When both systems are asked where lot A went
      Then both name the order of lot P, the containers of lot A, cases 1 and 2, and no other
      And both name case 2 at that customer, and nothing else that left
      And from a unit in case 1 both name lots A and P, and no other

    @accepts
    Scenario: What was wholly given back is in no batch
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And an order that makes lot P of tablets out of lactose
      And the dispenser has weighed 4.000 kg of lot A for lot P
      And production has returned 4.000 kg of the dispensed container in a container of its own
      And case 1 with 2 units of lot P
      When both systems are asked where lot A went
      Then both name no batch
      And from a unit in case 1 both name lot P, and no other

    @refuses
    Scenario Outline: What nobody knows has no trace: <what>
      When <what> is traced in both systems
      Then both refuse it with <code> at <path>

      Examples:
        | what                | code             | path        |
        | a lot nobody knows  | UNKNOWN_LOT      | query:lotId |
        | a unit nobody knows | UNKNOWN_UNIT     | query:unit  |
        | no lot at all       | SCHEMA_VIOLATION | query:lotId |

  @URS-GEN-002 @risk-high @PQ @mes @wms @blackbox
  Rule: A trace ends in time, whatever happened on the way
    A recall trace over 1 M events shall end within 60 s, after splits, merges, rework and returns.
    Clauses: 21 CFR 211.150(b); see EU GMP Chapter 8
    Outside: one million events in a served system; make bench shows them for the query of the reference

    @accepts
    Scenario: A lot is followed through a split, a merge, a return and rework
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And an order that makes lot P of tablets out of lactose
      And the dispenser has weighed 4.000 kg of lot A for lot P
      And the dispenser has weighed 2.000 kg of lot A for lot P
      And production has returned 1.000 kg of the dispensed container in a container of its own
      And case 1 with 2 units of lot P
      And an order that reworks lot P into lot R
      And lot P went into lot R
      And case 2 with 1 units of lot R
      When both systems are asked where lot A went
      Then both name the orders of lots P and R, within 60 seconds
      And from a unit in case 2 both name lots A, P and R, and no other

    @control
    Scenario: Rework that leads in a circle ends nobody's trace
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And an order that makes lot P of tablets out of lactose
      And the dispenser has weighed 4.000 kg of lot A for lot P
      And case 1 with 2 units of lot P
      And an order that reworks lot P into lot P
      And lot P went into lot P
      When both systems are asked where lot A went
      Then both name the orders of lots P and P, within 60 seconds

  @URS-GEN-003 @risk-high @PQ @mes @wms @blackbox
  Rule: A recall reaches everything in both systems, and what has left is listed
    A recall hold shall reach all affected units in both systems within 5 min; units already shipped
    are listed with consignee.
    Clauses: 21 CFR 211.150(b); see EU GMP Chapter 8

    @accepts
    Scenario: A drill: lot and product are recalled in both systems, and the time is on record
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And an order that makes lot P of tablets out of lactose
      And the dispenser has weighed 4.000 kg of lot A for lot P
      And case 1 with 2 units of lot P
      And case 2 with 1 units of lot P
      And quality has released lot P
      And case 2 left the site for a customer
      When quality recalls lot A
      And 240 seconds pass at the site
      Then after delivery both systems show lots A and P as RECALLED, and case 1 as locked
      And the recall reached everything after 240 seconds, which is in time
      And the recall lists case 2 with its customer as shipped

    @refuses
    Scenario: What was recalled does not leave
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And an order that makes lot P of tablets out of lactose
      And the dispenser has weighed 4.000 kg of lot A for lot P
      And case 1 with 2 units of lot P
      And quality has released lot P
      And quality has recalled lot A
      When the shipper ships case 1
      Then it is refused with CONTAINER_LOCKED at ssccs[0]
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: A recall that nobody stands for is refused: <recall>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      When quality recalls <recall>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | recall                       | code                   | path      |
        | a lot nobody knows           | UNKNOWN_LOT            | lotId     |
        | lot A with a wrong password  | SIGNATURE_REFUSED      | signature |
        | lot A without a reason       | REASON_TOO_SHORT       | reason    |

    @control
    Scenario: A recall that the warehouse has not confirmed in time raises an alarm
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And MES does not reach the warehouse
      When quality recalls lot A
      And 5 minutes pass at the site
      Then MES has raised the alarm RECALL_NOT_CONFIRMED about lot A
