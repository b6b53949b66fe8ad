Feature: Migration of master data
  Records of another system are taken over as they were there, all of them, or nothing happens.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And an extract of 2 materials, 2 places, 3 lots and 3 containers of 12.500, 7.250 and 0.125 kg

  @URS-MIG-001 @risk-medium @OQ @mes @wms @blackbox
  Rule: A migration keeps counts, sums and content, or is taken back
    A controlled migration (schema or master data) shall keep every record: counts, sums and content
    hashes before and after are equal or the migration is refused and rolled back.
    Clauses: EU GMP Annex 11 §4.8; 21 CFR 11.10(c)
    Outside: the migration of a schema, of which version 1 has only one

    @accepts
    Scenario: Both systems take the extract over, approved by quality
      When support and the warehouse's support migrate the extract, approved by quality
      Then each command is done
      And both answers give 2 MATERIAL, 2 LOCATION, 3 LOT, 3 CONTAINER and 19.875 kg
      And both systems show the 3 containers, and lot A as before
      And both systems show the migration with its totals, who did and who approved it
      And both audit trails tell of each record that came

    @accepts
    Scenario: A dry run compares all and leaves nothing
      When support migrates the extract as a dry run
      Then the command is done
      And the answer gives 2 MATERIAL, 2 LOCATION, 3 LOT, 3 CONTAINER and 19.875 kg
      And nothing of the extract is in MES

    @refuses
    Scenario Outline: What is not as declared is taken back: <extract>
      When support migrates the extract <extract>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | extract                                   | code                  | path                      |
        | with a container less than declared       | RECORDS_DIFFER        | declared[3].records       |
        | with a gram less than declared            | SUMS_DIFFER           | declared[3].sums          |
        | with another expiry than declared         | CONTENT_HASH_DIFFERS  | declared[2].contentSha256 |
        | with two containers' contents exchanged   | CONTENT_HASH_DIFFERS  | declared[3].contentSha256 |
        | with its lots undeclared                  | RECORDS_DIFFER        | declared                  |
        | with lot A once more                      | ALREADY_EXISTS        | lots[2]                   |
        | without its materials                     | UNKNOWN_MATERIAL      | lots[0].materialId        |
        | without approval                          | SIGNATURE_REQUIRED    | approval                  |
        | approved by the picker                    | SIGNATURE_REFUSED     | approval                  |
        | approved by support                       | VERIFIER_IS_PERFORMER | approval.userId           |
        | for the reason "new"                      | REASON_TOO_SHORT      | reason                    |
        | with a time of expiry on another day      | CONTENT_HASH_DIFFERS  | declared[2].contentSha256 |

    @accepts
    Scenario: A lot that expires in the course of its day does so after the migration, too
      Given each lot of the extract expires on 2027-06-30 at 14:30
      When support and the warehouse's support migrate the extract, approved by quality
      Then each command is done
      And both systems show that each lot of the extract expires at 2027-06-30T12:30:00Z
