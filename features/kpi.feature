Feature: Key figures
  What the journals hold is enough to compute how well the exchange and the plant work, exactly and
  as often as anybody wants.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
    And the journals are exported from here on

  @URS-KPI-001 @risk-low @OQ @mes @wms @blackbox
  Rule: The figures of the exchange come from the journal alone, bit for bit
    First-pass yield, message latency p50/p95/p99, retry rate, DLQ rate, reconciliation differences,
    hold-propagation time shall be computed from the journal only and be reproducible bit-for-bit
    from the same journal.
    Clauses: 21 CFR 11.10(a)

    @accepts
    Scenario: A hold takes half a minute, and every computation gives the same bytes
      Given quality blocks lot A while the message is still on its way
      And 30 seconds pass at the site
      When both systems have delivered what was due
      Then the figure hold-propagation-time is p95 30000000 of 1 events
      And the figure message-latency is p99 30000000 of 1 events
      And the figure retry-rate is ratio 0.000000 of 1 events
      And the figure reconciliation-differences is count 0 of 1 events
      And the figure first-pass-yield is not computable
      And the journals in another order, and read once more, give the same bytes

    @accepts
    Scenario: Ten broken answers make nine retries and a dead letter
      Given the request of production for 10.000 kg has become a dead letter of MES
      When both systems have delivered what was due
      Then the figure retry-rate is ratio 9.000000 of 1 events
      And the figure dead-letter-rate is ratio 1.000000 of 1 events

    @accepts
    Scenario: A unit that was reworked counts as inspected and not as good, also once it is back
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And a rework bench and loose totes
      And case 1 with 3 units of lot P
      And the packer has taken units 1 and 2 out of case 1 into tote 1 for REWORK
      And the packer has put unit 1 of case 1 back from tote 1 into case 1
      When both systems have delivered what was due
      Then the figure first-pass-yield is ratio 0.333333 of 3 events

    @control
    Scenario: A journal that was touched gives no figure
      Given quality blocks lot A while the message is still on its way
      When both systems have delivered what was due
      Then a copy with any row taken out or any member changed is refused, and names the row

    @control
    Scenario: A journal that was written anew without a message shows a difference
      Given the picker has brought 4.000 kg for the request of 4.000 kg after 20 minutes
      And the counter has counted 24.000 kg of lot A
      And the sampler has taken 0.050 kg of lot A
      When both systems have delivered what was due
      Then the figure reconciliation-differences is count 0 of 4 events
      And a journal of MES written anew without the sample shows 1 difference

  @URS-KPI-002 @risk-medium @PQ @mes @wms @blackbox
  Rule: The figures of the plant are computed, trended and limited
    Order and staging lead time, schedule adherence, line-down events, inventory accuracy by lot and
    location, right-first-time dispensing, release-to-ship and recall time shall be computed,
    trended and limited; a breach opens a deviation.
    Clauses: EU GMP Annex 11 §11

    @accepts
    Scenario: What was asked for at nine stands in staging at twenty past
      Given the picker has brought 4.000 kg for the request of 4.000 kg after 20 minutes
      And the counter has counted 20.790 kg of lot A
      When both systems have delivered what was due
      Then the figure staging-lead-time is p50 1200000000 of 1 events
      And the figure schedule-adherence is ratio 1.000000 of 1 events
      And the figure line-down-events is count 0 of 1 events
      And the figure inventory-accuracy is ratio 0.990000 of 1 events
      And the figure inventory-accuracy of lot A in the rack is ratio 0.990000 of 1 events
      And the figure order-lead-time is not computable
      And the trend of 2026-03-30 is the whole
      And within the limits of 25 minutes and 0.990000 nothing is beyond

    @accepts
    Scenario: A recall is known a minute later
      Given quality has decided to recall lot A
      And 60 seconds pass at the site
      When both systems have delivered what was due
      Then the figure recall-time is max 60000000 of 1 events

    @control
    Scenario: A figure beyond its limit opens a deviation that says so
      Given the picker has brought 4.000 kg for the request of 4.000 kg after 70 minutes
      And the counter has counted 20.000 kg of lot A
      When both systems have delivered what was due
      Then the figure schedule-adherence is ratio 0.000000 of 1 events
      And the figure line-down-events is count 1 of 1 events
      And within the limits of 25 minutes and 0.990000 these are beyond, each with its deviation
        | deviation                                                                      |
        | Staging lead time (p95) is 4200 s, at most 1500 s is allowed                    |
        | Inventory accuracy (ratio) is 0.952381, at least 0.990000 is allowed            |
      And quality opens them in MES, which shows each once as an open deviation KEY_FIGURE

    @refuses
    Scenario Outline: A deviation that nobody can follow is not opened: <what>
      When quality opens a deviation about a key figure, <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                          | code             | path              |
        | for the occasion "late"       | REASON_TOO_SHORT | occasion          |
        | about a lot nobody knows      | UNKNOWN_LOT      | affectedLots[0]   |
        | about an order nobody knows   | UNKNOWN_ORDER    | affectedOrders[0] |
