Feature: Audit trail
  Who did what, when, why, and what it was before: in the same transaction as the change itself.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31

  @URS-AUD-001 @risk-high @OQ @mes @wms @blackbox
  Rule: Every change of a GMP record leaves its audit entry
    Each create, change or delete of a GMP record shall write one audit entry, in the same database
    transaction, with record id, field, old value, new value, reason or triggering message (creations
    too), person or service account and the originating person, role in use, device or station,
    instant with offset to ms, source system, correlation id; run against MES and WMS.
    Clauses: 21 CFR 11.10(e)
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §12.2
    Outside: that change and entry share one transaction, which takes a fault at the audit insert

    @accepts
    Scenario: A request can be followed through both audit trails, creation by creation
      Given a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When production requests 10.000 kg for the order
      Then the command is done
      And both audit trails, replayed over what was there before, give what is there now
      And the MES has entered a create and a change
      And the WMS has entered a create
      And each entry of the MES names production, the duty in use, the station and the command
      And each entry of the WMS names the MES for production, the station and the message
      And every new entry of both audit trails is complete

    @accepts
    Scenario: A whole container can be followed through both audit trails, field by field
      Given a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      When the picker scans the container of lot A and brings 25.000 kg
      Then after delivery both systems show 25.000 kg of lot A in staging
      And both audit trails, replayed over what was there before, give what is there now
      And the WMS has entered a change and a delete
      And the MES has entered a change
      And each entry of the WMS names the picker, the duty in use, the station and the command
      And each entry of the MES names the WMS for the picker, the station and the message
      And every new entry of both audit trails is complete

    @accepts
    Scenario: A part can be followed through both audit trails, with the container it came out of
      Given a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 4.000 kg in a container of its own
      Then after delivery both systems show 4.000 kg of lot A in staging
      And both audit trails, replayed over what was there before, give what is there now
      And the WMS has entered a create and a change
      And the MES has entered a create and a change
      And each entry of the WMS names the picker, the duty in use, the station and the command
      And each entry of the MES names the WMS for the picker, the station and the message
      And every new entry of both audit trails is complete

    @accepts
    Scenario: A hold can be followed through both audit trails, with the stock that it sets free
      Given lot B of lactose, 25.000 kg, released, expiring on 2027-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When quality blocks lot A for the reason "crack in the drum"
      Then after delivery both systems show lot A as BLOCKED
      And both audit trails, replayed over what was there before, give what is there now
      And the MES has entered a change
      And the WMS has entered a create, a change and a delete
      And each entry of the MES gives the reason "crack in the drum"
      And each entry of the MES names quality, the duty in use, the station and the command
      And each entry of the WMS names the MES for quality, the station and the message
      And every new entry of both audit trails is complete

    @refuses
    Scenario: A refused pick leaves the refusal in the audit trail and no change
      Given a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      When the picker scans an EAN-13 of a retail pack and brings 25.000 kg
      Then it is refused with SCAN_UNREADABLE at scan
      And nothing has changed but the record of this and its refusal
      And every new entry of both audit trails is complete
      And a repeat gets the stored answer

  @URS-AUD-002 @risk-high @OQ @mes @blackbox
  Rule: A change needs a reason
    A change or deletion without a reason of at least 5 non-blank characters shall be refused.
    Clauses: EU GMP Annex 11 §9
    Outside: deletion, which no operation of the contract offers
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §12.2

    @accepts
    Scenario: A hold with a reason of five characters takes effect, and the reason is kept
      When quality blocks lot A for the reason "crack"
      Then the command is done
      And after delivery both systems show lot A as BLOCKED
      And the message about lot A carries the reason "crack"
      And each entry of the MES gives the reason "crack"

    @refuses
    Scenario Outline: A hold without a reason is refused: <what>
      When quality blocks lot A for the reason "<reason>"
      Then it is refused with REASON_TOO_SHORT at reason
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                     | reason    |
        | nothing at all           |           |
        | four characters          | leak      |
        | four letters and blanks  | l e  a  k |

    @refuses
    Scenario Outline: No decision about a lot goes without a reason: <decision>
      Given lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When quality decides that lot <lot> is <decision> for the reason "leak"
      Then it is refused with REASON_TOO_SHORT at reason
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | lot | decision   |
        | A   | QUARANTINE |
        | A   | REJECTED   |
        | A   | EXPIRED    |
        | A   | RECALLED   |
        | A   | CLOSED     |
        | B   | RELEASED   |

  @URS-AUD-003 @risk-high @OQ @mes @wms @whitebox
  Rule: What cannot be entered into the audit trail does not happen
    If the audit entry cannot be written, the business change shall roll back (fault injected at the
    audit insert: 0 orphan changes in 200 trials).
    Clauses: 21 CFR 11.10(e)
    Outside: the number of 200 trials, of which a run makes one at each entry of each of its changes; a test of the house makes 200

    @accepts
    Scenario Outline: What was turned away for its entry is done once entries are taken again: <what>
      Given a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When <what> comes while no audit entry can be written
      And it comes again while all can be written
      Then it is done, and both audit trails, replayed over what was there before, give what is there now

      Examples:
        | what                   |
        | a pick confirmation    |
        | a decision about a lot |

    @refuses
    Scenario Outline: Nothing stays of what cannot be entered: <what>
      Given a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When <what> comes while each of its audit entries in turn cannot be written
      Then each attempt is refused with AUDIT_NOT_WRITTEN, and may be repeated
      And no export, journal or audit trail of either system holds anything of it

      Examples:
        | what                   |
        | a pick request         |
        | a pick confirmation    |
        | a lot status change    |
        | a decision about a lot |
        | a scanned pick         |

  @URS-AUD-005 @risk-high @OQ @mes @wms @blackbox
  Rule: Nobody can switch the audit trail off
    No configuration, API or role shall switch the audit trail off; attempts are refused and
    journalled.
    Clauses: none that is in force
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §12.3
    Outside: configuration files and rights in the database, which take a host

    @accepts
    Scenario: After every attempt the audit trail goes on
      Given a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When both accounts try every method on audit trail, journal and configuration
      And production requests 10.000 kg for the order
      Then the command is done
      And both audit trails, replayed over what was there before, give what is there now
      And the MES has entered a create and a change
      And the WMS has entered a create

    @refuses
    Scenario: Every attempt is refused and entered
      When both accounts try every method on audit trail, journal and configuration
      Then each attempt is refused, as a method or address that is not published
      And each attempt stands in the audit trail of the system that refused it
      And both systems show what they showed before

  @URS-AUD-006 @risk-high @OQ @mes @wms @blackbox
  Rule: Earlier values stay retrievable
    Earlier values shall remain retrievable: after n changes the history shows n+1 values in order.
    Clauses: 21 CFR 11.10(e)

    @accepts
    Scenario: Five changes of a lot leave six values in both audit trails
      Given lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When quality decides on lot B: RELEASED, BLOCKED, QUARANTINE, REJECTED, CLOSED
      Then each of the 5 changes is done
      And after delivery the history of lot B in both systems is QUARANTINE, RELEASED, BLOCKED, QUARANTINE, REJECTED, CLOSED

    @control
    Scenario: A history that lost a value, or shows another one, does not pass
      Given lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When quality decides on lot B: RELEASED, BLOCKED, QUARANTINE
      Then each of the 3 changes is done
      And a copy of the history with any entry taken out or any value changed is found

  @URS-AUD-004 @risk-high @IQ @mes @wms @blackbox
  Rule: The application's own account cannot change evidence
    The application's database role shall have no UPDATE, DELETE or TRUNCATE right on audit and journal
    tables; attempts fail at the database. On SQLite, which has no roles, triggers refuse, the limit
    is printed, and the grant check is INCONCLUSIVE, never passed.
    Clauses: 21 CFR 11.10(e)

    @accepts
    Scenario: Evidence is read and added to, and each system tells what guards it
      Given what both systems hold as evidence is noted
      When quality blocks lot A for the reason "crack in the drum"
      Then the command is done
      And after delivery both systems show lot A as BLOCKED
      And journals and audit trails of both systems have grown, and begin as they did
      And both systems tell the rights of their account on evidence, or that it can have none

    @refuses
    Scenario Outline: An attempt fails at the database: <verb>
      Given quality has decided that lot A is BLOCKED
      When both systems try <verb> on all evidence with their own accounts
      Then both databases refuse it wherever there is something
      And journals and audit trails of both systems begin as they did

      Examples:
        | verb     |
        | UPDATE   |
        | DELETE   |
        | TRUNCATE |
