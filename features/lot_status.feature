Feature: Lot status
  The quality unit decides in MES which lots may be used; the warehouse follows.

  Background:
    Given it is 2026-03-30 09:00 at the site

  @URS-STA-002 @risk-high @OQ @mes @wms @blackbox
  Rule: A lot changes its status only along the status model
    Only transitions of the status model shall be possible; all illegal pairs are tried and refused.
    Clauses: 21 CFR 11.10(f)

    @accepts
    Scenario: Every transition of the status model takes effect in both systems
      When quality makes each of these changes, each on a lot of its own
        | from       | to                                                         |
        | QUARANTINE | RELEASED, REJECTED, BLOCKED, EXPIRED, RECALLED             |
        | RELEASED   | QUARANTINE, BLOCKED, REJECTED, EXPIRED, RECALLED, CLOSED   |
        | BLOCKED    | QUARANTINE, RELEASED, REJECTED, EXPIRED, RECALLED          |
        | EXPIRED    | REJECTED                                                   |
        | RECALLED   | REJECTED                                                   |
        | REJECTED   | CLOSED                                                     |
      Then each of the 19 changes is done
      And after delivery both systems show each lot with its new status

    @refuses
    Scenario: Every other pair is refused where people decide
      When quality tries every other pair, the 23 that are left, each on a lot of its own
      Then each is refused with TRANSITION_NOT_ALLOWED at toStatus
      And nothing has changed but the record of these and their refusals
      And a repeat of each gets the stored answer

    @refuses
    Scenario: Every other pair is refused where the message arrives
      When the MES counterpart sends every other pair, the 23 that are left, each for a lot of its own
      Then each is refused with TRANSITION_NOT_ALLOWED at data.toStatus
      And nothing has changed but the record of these and their refusals
      And a repeat of each gets the stored answer

  @URS-STA-003 @risk-high @OQ @mes @wms @blackbox
  Rule: Release is a signed decision of the quality unit
    Change to "released" shall need a signed event of an authorised quality role; the signature id
    travels with the status.
    Clauses: EU GMP Annex 11 §15; 21 CFR 211.22(a)

    @accepts
    Scenario: A release signed by quality makes the lot pickable, and its signature travels
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When quality releases lot A with a signature
      Then the command is done
      And after delivery both systems show lot A as RELEASED
      And the message about lot A carries the signature id, printed name, role, meaning and time

    @refuses
    Scenario Outline: A release without the signature of quality is refused: <signature>
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When <person> releases lot A with <signature>
      Then it is refused with <code> at signature
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | person     | signature                         | code               |
        | quality    | no signature                      | SIGNATURE_REQUIRED |
        | quality    | a wrong password                  | SIGNATURE_REFUSED  |
        | quality    | the signature of another person   | SIGNATURE_REFUSED  |
        | production | a signature                       | SIGNATURE_REFUSED  |

    @refuses
    Scenario Outline: A release that arrives without the signature of quality is refused: <signature>
      Given lot A of lactose, 25.000 kg, <status>, expiring on 2026-12-31
      When the MES counterpart sends the release of lot A with <signature>
      Then it is refused with <code> at data.signature
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | status        | signature                   | code               |
        | in quarantine | no signature                | SIGNATURE_REQUIRED |
        | blocked       | no signature                | SIGNATURE_REQUIRED |
        | in quarantine | the signature of production | SIGNATURE_REFUSED  |
        | in quarantine | the signature of the picker | SIGNATURE_REFUSED  |

  @URS-STA-008 @risk-high @OQ @mes @wms @blackbox
  Rule: A downgraded lot is released by two persons, and never used before
    A critical override (release of a downgraded lot, out-of-tolerance use) shall need two persons'
    e-signatures with meaning; a lot on hold can be released, never used as held.
    Clauses: 21 CFR 11.10(g); 21 CFR 11.50

    @accepts
    Scenario Outline: Two persons of quality release a lot that was <downgrade>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And quality has <downgrade> lot A
      When two persons of quality release lot A
      Then the command is done
      And after delivery both systems show lot A as RELEASED
      And the message about lot A carries two signatures of different persons, each with its meaning

      Examples:
        | downgrade               |
        | blocked                 |
        | blocked and quarantined |
        | quarantined             |

    @accepts
    Scenario: Once it is released by two persons, the lot is used again
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And quality has blocked lot A
      And two persons of quality have released lot A
      When production requests 10.000 kg for the order
      Then the command is done
      And the warehouse has set aside 10.000 kg of lot A for the request, and nothing else

    @refuses
    Scenario: A lot on hold is not used
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And quality has blocked lot A
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A lot on hold is not sampled either
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And quality has blocked lot A
      When the sampler takes 0.050 kg of lot A
      Then it is refused with SAMPLING_NOT_ALLOWED at scan
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: One person does not release a lot that was <downgrade>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And quality has <downgrade> lot A
      When quality releases lot A with a signature
      Then it is refused with SECOND_SIGNATURE_REQUIRED at secondSignature
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | downgrade               |
        | blocked                 |
        | blocked and quarantined |
        | quarantined             |

    @refuses
    Scenario Outline: A second signature that is none is refused: <second>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And quality has blocked lot A
      When quality releases lot A with <second> as the second
      Then it is refused with <code> at secondSignature
      And nothing has changed but the record of this and its refusal

      Examples:
        | second                      | code                      |
        | the same signature          | SECOND_SIGNATURE_REQUIRED |
        | a wrong password            | SIGNATURE_REFUSED         |
        | the signature of production | SIGNATURE_REFUSED         |

    @refuses
    Scenario: The release of a blocked lot that arrives with one signature is refused
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And quality has blocked lot A
      When the MES counterpart sends the release of lot A with one signature
      Then it is refused with SECOND_SIGNATURE_REQUIRED at data.secondSignature
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @accepts
    Scenario: A weight outside its tolerance is used when two persons have signed for it
      Given a scale whose calibration ends on 2026-12-31
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for at least 9.960 kg, 10.000 kg and at most 10.040 kg of lactose
      When the dispenser weighs 10.041 kg of lot A, overridden by the second dispenser and quality
      Then the command is done
      And after delivery both systems show 14.959 kg of lot A in staging
      And the issue carries the reason and the signatures of the second dispenser and quality

    @refuses
    Scenario: One person twice does not override a tolerance
      Given a scale whose calibration ends on 2026-12-31
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for at least 9.960 kg, 10.000 kg and at most 10.040 kg of lactose
      When the dispenser weighs 10.041 kg of lot A, overridden by quality and quality
      Then it is refused with SIGNERS_NOT_DIFFERENT at override.approvals
      And nothing has changed but the record of this and its refusal

  @URS-STA-001 @risk-high @PQ @mes @wms @blackbox
  Rule: A hold takes effect in the other system at once, and what moved meanwhile is listed
    A hold, quarantine or reject decided in one system shall be effective in the other within 5 s
    (p99); pick, issue or consume attempts after the receiver's recordedAt shall be refused, and what
    moved between the decision and recordedAt is listed and blocked.
    Clauses: 21 CFR 211.82(b); 21 CFR 211.89; 21 CFR 211.142(a); EU GMP Annex 11 §5
    See: 21 CFR 211.110(d)

    @accepts
    Scenario Outline: A decision is effective in the warehouse within five seconds: <decision>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When quality has <decision> lot A
      Then the warehouse has recorded it within 5 seconds of the decision
      And after delivery both systems show lot A as <status>

      Examples:
        | decision    | status     |
        | blocked     | BLOCKED    |
        | quarantined | QUARANTINE |
        | rejected    | REJECTED   |

    @accepts
    Scenario: What left the rack before the hold arrived is listed, and its lot is blocked
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      When the picker scans the container of lot A and brings 25.000 kg
      And 2 seconds pass at the site
      And the MES counterpart sends a hold of lot A that was decided 4 seconds ago
      Then it is acknowledged
      And the warehouse shows lot A as BLOCKED
      And the warehouse has listed the container of lot A as moved before the hold arrived

    @refuses
    Scenario: A hold that is still on its way stops a pick, because the owner is asked
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      And quality blocks lot A while the message is still on its way
      And 2 seconds pass at the site
      When the picker scans the container of lot A and brings 25.000 kg
      Then it is refused with LOT_NOT_RELEASED at scan
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: What was set aside is not picked once the hold is recorded
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      And quality has blocked lot A
      When the picker scans the container of lot A and brings 25.000 kg
      Then it is refused with SCAN_NOT_ALLOCATED at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: What is staged is not issued once the hold that the warehouse decided is recorded
      Given a scale whose calibration ends on 2026-12-31
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the supervisor has put lot A on hold
      When the dispenser weighs 4.000 kg of lot A
      Then it is refused with LOT_NOT_RELEASED at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: What is staged is not consumed once the hold that the warehouse decided is recorded
      Given starch in backflush, decided by a signed record of low risk
      And lot S of starch, 10.000 kg, released, expiring on 2026-12-31, staged
      And a started order of 1000 pieces with 10.000 kg of starch
      And the supervisor has put lot S on hold
      When production completes the order with 1000 good pieces
      Then it is refused with QUANTITY_ABOVE_CONTENT at goodQuantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @accepts
    Scenario: Of a hundred holds, half of them decided in either system, ninety-nine are in time
      Given 100 lots of lactose, released
      When quality blocks every other of them and the supervisor holds the rest, ten each second
      Then the 99th percentile of the 100 times from decision to entry is within 5 seconds

    @control
    Scenario: A system that is slow for two holds of a hundred, or slow with each, is reported
      Given 10 lots of lactose, released
      When quality blocks every other of them and the supervisor holds the rest, ten each second
      Then the same 100 times, made slow in a copy, are judged against 5 seconds
        | slow | seconds | verdict      |
        | 0    | 0       | not reported |
        | 1    | 60      | not reported |
        | 2    | 60      | reported     |
        | 100  | 5       | reported     |
