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
