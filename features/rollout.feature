Feature: Rollout of a new version
  While a new major version of the contract is rolled out, it is accepted beside the one before.

  @URS-SCH-003 @risk-high @OQ @mes @wms @tool @whitebox
  Rule: Two major versions are accepted side by side
    N and N−1 major versions shall be accepted side by side during rollout; golden messages of every
    released version shall still give the same posting.
    Clauses: EU GMP Annex 11 §10; EU GMP Annex 11 §4.8

    @accepts
    Scenario: Golden messages of the released version are posted as before where the next one is accepted too
      When one golden message for each operation is played to systems with the draft and without
      Then each is answered and posted as it was before

    @accepts
    Scenario Outline: An event is the same one in both versions: <message>
      Given systems that accept a draft 2.0.0 of the contract beside the present version
      And it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When a counterpart tells <message> in version <first>
      Then it is acknowledged
      And each system says that it keeps both versions
      When the same event is told again under another key in version <again>
      Then it gets the answer of the first, marked as replayed
      When the same event is told again under another key in version <again>, with other content
      Then it is refused with BUSINESS_KEY_CONFLICT at data

      Examples:
        | message             | first | again |
        | a pick request      | 2.0.0 | 1.0.0 |
        | a pick confirmation | 1.0.0 | 2.0.0 |
        | a lot status change | 2.0.0 | 1.0.0 |

    @refuses
    Scenario Outline: Each version has its own members: <path> of <message> <how> in version <version>
      Given systems that accept a draft 2.0.0 of the contract beside the present version
      And it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When a counterpart tells <message> in version <version> with <path> <how>
      Then it is refused with SCHEMA_VIOLATION at <at>
      And nothing has changed but the record of this and its refusal

      Examples:
        | message             | version | path            | how               | at              |
        | a pick confirmation | 2.0.0   | data.toLocation | named as before   | data.toLocation |
        | a pick confirmation | 1.0.0   | data.place      | named as in 2.0.0 | data.toLocation |
        | a lot status change | 2.0.0   | data.status     | broken            | data.status     |

    @refuses
    Scenario: A version that neither of them is gets the list of both
      Given systems that accept a draft 2.0.0 of the contract beside the present version
      And it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When a counterpart tells a lot status change in version 3.0.0
      Then it is refused with UNKNOWN_SCHEMA_VERSION at dataschema
      And the refusal names both supported versions
      And nothing has changed but the record of this and its refusal
