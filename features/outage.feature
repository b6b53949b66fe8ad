Feature: Outage and load
  A partner that is away for a shift, and three times the usual traffic over a bad line, cost time
  and nothing else.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And 8 lots about which quality decides again and again

  @URS-REL-008 @risk-high @PQ @mes @wms @blackbox
  Rule: Eight hours without the warehouse lose nothing, and are made up for within one
    With the WMS unreachable for 8 h at nominal load, MES work defined as "may continue" shall
    continue, nothing shall be lost, and backlog shall drain within 1 h in order.
    Clauses: EU GMP Annex 11 §16
    Outside: the load of a plant, which a campaign of the plant file shows

    @accepts
    Scenario: Quality goes on deciding for eight hours; the warehouse hears of all of it in order
      Given the warehouse is away for 8 hours, while quality decides 6 times an hour
      When the warehouse is back and an hour has passed
      Then every decision was done at once, and the warehouse has each of them once and in order

    @control
    Scenario Outline: A backlog that was not made up for is found: <what>
      Given a backlog of 6 messages that arrived with <what>
      Then that is found in the backlog

      Examples:
        | what                |
        | one that is missing |
        | one that came twice |
        | two that changed    |

  @URS-REL-010 @risk-high @PQ @mes @wms @blackbox
  Rule: Three times the nominal load over a bad line: nothing lost, nothing doubled, hardly late
    At 3x nominal load for 1 h with faults: 0 lost, 0 doubled, p95 within the alarm limit (nominal
    messages per hour and type are in the profile).
    Clauses: EU GMP Annex 11 §16
    Outside: the load of a plant, which a campaign of the plant file shows

    @accepts
    Scenario: An hour with sixty decisions, of which the line loses, repeats and forgets to answer
      Given the line to the warehouse loses 2 messages, 2 answers, and brings 2 messages twice
      When quality decides 60 times within an hour, and MES sends what is due
      Then the line did all of that, and every retry was made
      And every decision was done at once, and the warehouse has each of them once and in order
      And 95 of 100 decisions arrived within 2 seconds

    @control
    Scenario: Messages that take three seconds are found
      Given 100 messages of which 6 took three seconds
      Then they are found to be late
