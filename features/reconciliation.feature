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
