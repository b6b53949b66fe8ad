Feature: Checkpoints
  What the journal held is signed and kept where nobody who works with the systems can reach it.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials

  @URS-JRN-002 @risk-high @OQ @mes @wms @blackbox
  Rule: Signed checkpoints of the journal are kept outside
    A signed checkpoint (origin, size, root, time) shall be written at least every 15 min and at
    shutdown to a place outside the interface operator's write access.
    Clauses: 21 CFR 11.10(e); 21 CFR 11.30
    Outside: the shutdown of a system and the rights of its accounts on that place, which take a host

    @accepts
    Scenario: In an hour of work no 15 minutes are without a signed checkpoint
      When 60 minutes pass, with the work of both systems every 5 minutes
      Then each system has kept a checkpoint at least every 15 minutes of them
      And each checkpoint is signed for its journal, and none is smaller than the one before
      And each system shows the checkpoints that the place outside keeps

    @refuses
    Scenario: Nobody takes a kept checkpoint away through the interface
      Given 15 minutes have passed, with the work of both systems
      When both accounts try every method on the checkpoints
      Then each attempt is refused, as a method or address that is not published
      And the place outside keeps the same checkpoints, byte for byte

    @control
    Scenario: A checkpoint that was changed after it was signed does not pass
      Given 15 minutes have passed, with the work of both systems
      When one bit of each byte of the last checkpoint is changed in a copy
      Then no copy is taken for a checkpoint of that system

  @URS-JRN-003 @risk-high @OQ @mes @wms @blackbox
  Rule: Each checkpoint goes on from every earlier one
    Between any two checkpoints a consistency proof shall verify with a verifier that is not ours; a
    rewritten history shall fail.
    Clauses: 21 CFR 11.10(a)

    @accepts
    Scenario: Between any two checkpoints of an hour the proof holds
      Given production has requested 10.000 kg for the order
      When 60 minutes pass, with the work of both systems every 15 minutes
      Then the consistency proof of each system holds between any two checkpoints kept outside

    @refuses
    Scenario Outline: What the journal does not hold is not proven: <rows>
      Given 15 minutes have passed, with the work of both systems
      When an inspector asks both systems for the proofs of <rows>
      Then each proof is refused with NOT_IN_JOURNAL at query:rows

      Examples:
        | rows                      |
        | rows from nought          |
        | rows in the wrong order   |
        | rows behind the last one  |
        | rows that are no numbers  |

    @control
    Scenario: The proof of a rewritten history fails
      Given production has requested 10.000 kg for the order
      When 30 minutes pass, with the work of both systems every 15 minutes
      And one of 8 rows of each journal is changed in a copy, and every row behind it chained anew
      Then no proof made from a copy joins the checkpoints kept outside

  @URS-JRN-004 @risk-medium @OQ @mes @wms @blackbox
  Rule: What is cut off the journal is missed, but for what no checkpoint covers yet
    Truncation after the last external checkpoint shall lose detection of at most the rows of one
    checkpoint interval; this limit is stated in the report.
    Clauses: 21 CFR 11.10(e)

    @accepts
    Scenario: Rows that are cut off below a kept checkpoint are missed, and named
      Given 15 minutes have passed, with the work of both systems
      When the last rows of each journal up to its last checkpoint are cut off a copy, one by one
      Then each copy is found, at the first row that is missing

    @control
    Scenario: The limit: rows behind the last checkpoint can be cut off unseen, those of one interval
      Given 15 minutes have passed, with the work of both systems
      And production has requested 10.000 kg for the order
      When the rows of each journal behind its last checkpoint are cut off a copy
      Then no checkpoint shows it, and each of those rows is younger than the last checkpoint
      And the last checkpoint is at most 15 minutes old
