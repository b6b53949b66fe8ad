Feature: Trail
  What both systems hold of a lot, a container or a batch, in one order that their own numbers and the
  messages between them prove, and with everything that is missing named.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
    And lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
    And a piece of the packed case is missing, and a deviation says so
    And quality has opened an action for the deviation

  @URS-AUD-009 @risk-high @OQ @mes @wms @blackbox
  Rule: One trail merges what both systems hold, in provable order, and names missing links
    For a lot, SSCC or batch one export shall merge both systems' audit, journal and device events in
    provable order, linked to batch record and CAPA, with missing links named.
    Clauses: EU GMP Annex 11 §13

    @accepts
    Scenario: A lot, a container and a batch have a trail without a gap
      When both systems have delivered what was due
      Then the trails of lot A, its container and the batch of lot P are whole, and their order is proven
      And the trail of lot A holds audit, journal and device events, of both systems
      And the trail of the batch of lot P leads to its record, the deviation and the action

    @control
    Scenario: Whatever is taken out of the exports is named
      When both systems have delivered what was due
      Then the trail of the batch of lot P, without any one of these, names what is missing
        | taken out                        |
        | an entry of an audit trail       |
        | the last entry of an audit trail |
        | a row of a journal               |
        | the last row of a journal        |
        | a message as it was received     |
        | a message as it was sent         |
        | an answer                        |
        | the scale                        |
        | the deviation                    |
        | the action                       |
        | the entry of a weighing          |
