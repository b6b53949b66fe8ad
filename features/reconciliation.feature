Feature: Reconciliation
  MES and WMS are compared as of one moment of their exchange, so that what is on its way is no
  difference and what no message explains is one.

  Background:
    Given it is 2026-03-30 09:00 at the site

  @URS-REC-002 @risk-medium @OQ @mes @wms @blackbox
  Rule: Both sides are compared at one cut-off
    Reconciliation shall use one cut-off (both sides as of the same journal position) so in-flight
    messages are not reported as differences.
    Clauses: EU GMP Annex 11 §5

    Background:
      Given how far the exchange between both systems has come is known

    @accepts
    Scenario: With nothing on its way both sides show the same stock
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      And the picker has brought 10.000 kg of lot A in a container of its own
      And the sampler has taken 0.050 kg of lot A
      And everything has been delivered
      When MES and WMS are reconciled
      Then both stand at one cut-off
      And no difference is reported

    @accepts
    Scenario: What is on its way is counted as such and reported as no difference
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And everything has been delivered
      And the sampler has taken 0.050 kg of lot A
      When MES and WMS are reconciled
      Then 1 message of the WMS is on its way, and none of MES
      And no difference is reported
      And after delivery both stand at one cut-off and no difference is reported

    @control
    Scenario: Stock that only one side knows is reported
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And 5.000 kg more of lot A that only the warehouse knows
      And everything has been delivered
      When MES and WMS are reconciled
      Then both stand at one cut-off
      And exactly one difference is reported: lot A in the rack, 30.000 kg in WMS and 25.000 kg in MES

  @URS-REC-001 @risk-high @PQ @mes @wms @blackbox
  Rule: Stock is compared every day and on demand, and every difference is reported
    Stock per (site, location, material, lot, status, UoM) shall be compared between MES and WMS at
    least every 24 h and on demand; every seeded difference (100 of 100) shall be reported, with 0
    false differences on the clean set.
    Clauses: EU GMP Annex 11 §5; 21 CFR 211.184(c)
    Outside: the hundred seeded differences, which a test of the reference runs

    @accepts
    Scenario: What is on its way is set apart, and nothing else differs
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And lot B of lactose, 10.000 kg, released, expiring on 2026-12-31
      And everything has been delivered
      And the sampler has taken 0.050 kg of lot A
      When quality has MES compare its stock with the warehouse
      Then the command is done
      And the container of lot A is set apart, and no lot of the scenario differs
      And compared once more after delivery no lot of the scenario differs

    @accepts
    Scenario: A day after the last comparison the next one is made without being asked
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And quality has had MES compare its stock with the warehouse
      And 5.000 kg more of lot A that only the warehouse knows
      When a day passes at the site
      Then MES has not compared a second before, and has then
      And lot A differs, once, with 25.000 kg in MES and 30.000 kg in WMS

    @refuses
    Scenario: Where the warehouse does not tell its stock nothing is compared
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the link of MES leads nowhere
      When quality has MES compare its stock with the warehouse
      Then it is refused with PARTNER_SILENT as a whole
      And nothing has changed but the record of this and its refusal

    @control
    Scenario: Every kind of difference is found while messages are on their way, each once
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And everything has been delivered
      And the sampler has taken 0.050 kg of lot A
      And containers that differ between the systems in every one of these ways
        | way                       |
        | more in WMS               |
        | more in MES               |
        | only in WMS               |
        | only in MES               |
        | in another place          |
        | of another status         |
      When quality has MES compare its stock with the warehouse
      Then the command is done
      And each of them is reported with its deviation and an alarm, once, and nothing else of the scenario
      And compared once more after delivery the same differences stand open

  @URS-REC-003 @risk-high @OQ @mes @wms @blackbox
  Rule: A difference is closed only by a signed adjustment linked to its deviation
    A difference shall be closed only by a signed adjustment with reason linked to a deviation id.
    Clauses: 21 CFR 11.10(e); 21 CFR 211.192

    @accepts
    Scenario: Signed for, MES takes over what the warehouse counts
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And 5.000 kg more of lot A that only the warehouse knows
      And quality has had MES compare its stock with the warehouse
      When quality closes the difference of lot A
      Then the command is done
      And MES shows the difference closed, with adjustment, reason, signature and its deviation
      And both systems show 30.000 kg of lot A in the rack
      And compared once more after delivery no lot of the scenario differs

    @accepts
    Scenario: A difference that has gone by itself is still closed by signature alone
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And 5.000 kg more of lot A that only the warehouse knows
      And quality has had MES compare its stock with the warehouse
      And MES has come to know the 5.000 kg as well
      And quality has had MES compare its stock with the warehouse
      And MES still shows the difference of lot A as OPEN
      When quality closes the difference of lot A
      Then the command is done
      And both systems show 30.000 kg of lot A in the rack

    @refuses
    Scenario Outline: Nothing else closes a difference: <how>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And 5.000 kg more of lot A that only the warehouse knows
      And quality has had MES compare its stock with the warehouse
      When quality closes the difference of lot A <how>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | how                            | code                 | path         |
        | with a wrong password          | SIGNATURE_REFUSED    | signature    |
        | with the signature of another  | SIGNATURE_REFUSED    | signature    |
        | for the reason "ok"            | REASON_TOO_SHORT     | reason       |
        | under another deviation        | DEVIATION_NOT_LINKED | deviationId  |
        | under a number nobody knows    | UNKNOWN_DIFFERENCE   | differenceId |

    @refuses
    Scenario: A closed difference is not closed again
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And 5.000 kg more of lot A that only the warehouse knows
      And quality has had MES compare its stock with the warehouse
      And quality has closed the difference of lot A
      When quality closes the difference of lot A
      Then it is refused with DIFFERENCE_CLOSED at differenceId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: Stock that has moved since is compared anew first
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And lot M in one container, 20.000 kg in MES and 25.000 kg in the warehouse
      And quality has had MES compare its stock with the warehouse
      And the sampler has taken 0.050 kg of lot M
      And everything has been delivered
      When quality closes the difference of lot M
      Then it is refused with DIFFERENCE_MOVED at differenceId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A status is not adjusted, for quality owns it
      Given a container whose lot is BLOCKED in the warehouse and RELEASED in MES
      And quality has had MES compare its stock with the warehouse
      When quality closes the difference of lot S
      Then it is refused with STATUS_DIFFERS at differenceId
      And nothing has changed but the record of this and its refusal

  @URS-REC-004 @risk-high @PQ @mes @wms @blackbox
  Rule: What was sent is what was received, given up or on its way
    Message counts and control totals per interface and hour shall match sender = receiver + DLQ +
    in-flight.
    Clauses: 21 CFR 11.10(a)

    @accepts
    Scenario: Counts and control totals agree with messages received, given up and on their way
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the totals of messages are watched from here on
      And the counter has counted 25.000 kg of lot A
      And everything has been delivered
      And the request of production for 10.000 kg has become a dead letter of MES
      And the sampler has taken 0.050 kg of lot A
      When the totals of both systems are compared
      Then of count-completed 1 was sent and 1 received
      And of pick-requested 1 was sent and 1 is a dead letter
      And of sample-taken 1 was sent and 1 is on its way
      And every interface and hour agrees, but for heartbeats that a stand-in has taken

    @accepts
    Scenario: A message that arrives in another hour counts in the one in which it was written
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the totals of messages are watched from here on
      And the sampler has taken 0.050 kg of lot A
      And it is 2026-03-30 11:00 at the site
      And everything has been delivered
      When the totals of both systems are compared
      Then of sample-taken 1 was sent and 1 received
      And every interface and hour agrees

    @control
    Scenario: Totals that do not agree are found
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the totals of messages are watched from here on
      And the counter has counted 25.000 kg of lot A
      And the sampler has taken 0.050 kg of lot A
      And everything has been delivered
      When the totals of both systems are compared
      Then a copy with a message more, a message less, another control total or another hour is found each time
