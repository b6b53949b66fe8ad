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

    @accepts
    Scenario: A pick can be followed through both audit trails, field by field
      Given a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      When the picker scans the container of lot A and brings 25.000 kg
      Then after delivery both systems show 25.000 kg of lot A in staging
      And the WMS audit trail has one entry for the new place of the container, by the picker at the station
      And the MES audit trail has one entry for the new place of the container, by the WMS for the picker
      And every new entry of both audit trails is complete

    @refuses
    Scenario: A refused pick leaves the refusal in the audit trail and no change
      Given a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      When the picker scans an EAN-13 of a retail pack and brings 25.000 kg
      Then it is refused with SCAN_UNREADABLE at scan
      And nothing has changed but the record of this and its refusal
      And every new entry of both audit trails is complete

  @URS-AUD-002 @risk-high @OQ @mes @blackbox
  Rule: A change needs a reason
    A change or deletion without a reason of at least 5 non-blank characters shall be refused.
    Clauses: EU GMP Annex 11 §9
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §12.2

    @accepts
    Scenario: A hold with a reason of five characters takes effect, and the reason is kept
      When quality blocks lot A for the reason "crack"
      Then the command is done
      And after delivery both systems show lot A as BLOCKED
      And the message about lot A carries the reason "crack"

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
