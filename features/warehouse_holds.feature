Feature: Holds of the warehouse
  Who stands before a torn drum does not wait for the quality unit: the warehouse may put a lot on
  hold at once. It can never take a lot out of one.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31

  @URS-STA-007 @risk-high @OQ @mes @wms @blackbox
  Rule: The warehouse may tighten a status, never loosen it
    Quality status belongs to MES/QMS: a WMS change that loosens it shall be refused; one that
    tightens it shall take effect and travel to MES.
    Clauses: 21 CFR 211.22(a)

    @accepts
    Scenario Outline: A hold counts in the warehouse at once, and travels to MES: <from> to <to>
      Given lot A of lactose, 25.000 kg, <words>, expiring on 2026-12-31
      When the supervisor puts lot A on hold as <to>
      Then the command is done
      And the warehouse shows lot A as <to>
      And after delivery both systems show lot A as <to>
      And both systems show one hold of lot A from <from> to <to> by the supervisor

      Examples:
        | from       | words         | to         |
        | RELEASED   | released      | QUARANTINE |
        | RELEASED   | released      | BLOCKED    |
        | QUARANTINE | in quarantine | BLOCKED    |

    @accepts
    Scenario: What was set aside of a held lot is free again
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      And the supervisor has put lot A on hold
      When the picker scans the container of lot A and brings 10.000 kg
      Then it is refused with SCAN_NOT_ALLOCATED at scan
      And nothing has changed but the record of this and its refusal

    @accepts
    Scenario: A release that was decided without knowing of the hold does not lift it
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And quality has released lot A while the message is still on its way
      When the supervisor puts lot A on hold as BLOCKED
      Then the command is done
      And after delivery both systems show lot A as BLOCKED
      And the warehouse has raised the alarm DECIDED_WITHOUT_HOLD about lot A

    @accepts
    Scenario: Quality, two persons of it, lifts the hold in both systems
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the supervisor has put lot A on hold
      When two persons of quality release lot A
      Then the command is done
      And after delivery both systems show lot A as RELEASED

    @accepts
    Scenario: A hold that quality crossed by a block and its lifting counts in both systems
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the supervisor puts lot A on hold while the message is still on its way
      And quality blocks lot A while the message is still on its way
      When two persons of quality release lot A
      Then the command is done
      And after delivery both systems show lot A as BLOCKED

    @refuses
    Scenario Outline: A change that is no stricter hold is refused: <from> to <to>
      Given lot A of lactose, 25.000 kg, <words>, expiring on 2026-12-31
      When the supervisor puts lot A on hold as <to>
      Then it is refused with ONLY_QUALITY_DECIDES at toStatus
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | from       | words         | to         |
        | BLOCKED    | blocked       | RELEASED   |
        | BLOCKED    | blocked       | QUARANTINE |
        | QUARANTINE | in quarantine | RELEASED   |
        | EXPIRED    | expired       | QUARANTINE |
        | REJECTED   | rejected      | BLOCKED    |
        | RELEASED   | released      | REJECTED   |

    @refuses
    Scenario Outline: A message of the warehouse that loosens a status is refused: <from> to <to>
      Given lot A of lactose, 25.000 kg, <words>, expiring on 2026-12-31
      When the WMS counterpart sends a hold of lot A from <from> to <to>
      Then it is refused with ONLY_QUALITY_DECIDES at data.toStatus
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | from       | words         | to         |
        | BLOCKED    | blocked       | RELEASED   |
        | QUARANTINE | in quarantine | RELEASED   |
        | BLOCKED    | blocked       | QUARANTINE |

    @refuses
    Scenario Outline: A hold of nothing, or for no reason, is refused: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the supervisor puts <what> on hold
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | what                       | code             | path   |
        | a lot nobody knows         | UNKNOWN_LOT      | lotId  |
        | lot A for the reason "leak" | REASON_TOO_SHORT | reason |

  @URS-STA-005 @risk-high @PQ @mes @wms @blackbox
  Rule: A hold that races with an issue ends in one of two recorded outcomes
    A hold racing with an issue shall end in exactly one of two recorded outcomes (issue before
    hold, or refused); 1,000 races: 0 ambiguous.
    Clauses: 21 CFR 11.10(f)
    Outside: the thousand races, which a property test of the reference runs

    @accepts
    Scenario: The issue is made first; the hold comes a second later
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the dispenser has weighed 4.000 kg of lot A
      And 1 seconds pass at the site
      When the supervisor puts lot A on hold as BLOCKED
      Then the command is done
      And after delivery both systems record that 4.000 kg of lot A were issued, none of it after the hold was placed

    @accepts
    Scenario: The issue is made while the hold is on its way: both systems list it as before the hold
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the supervisor puts lot A on hold while the message is still on its way
      And 1 seconds pass at the site
      When the dispenser weighs 4.000 kg of lot A
      Then the command is done
      And after delivery both systems record that 4.000 kg of lot A were issued, all of it before MES had entered the hold

    @refuses
    Scenario: MES has entered the hold of the warehouse: the issue is refused, and none is recorded
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the supervisor has put lot A on hold
      When the dispenser weighs 4.000 kg of lot A
      Then it is refused with LOT_NOT_RELEASED at scan
      And nothing has changed but the record of this and its refusal
      And after delivery both systems record that nothing of lot A was issued, and its hold

    @refuses
    Scenario: A hold that quality decides counts for the very next issue
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And quality blocks lot A while the message is still on its way
      When the dispenser weighs 4.000 kg of lot A
      Then it is refused with LOT_NOT_RELEASED at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer
