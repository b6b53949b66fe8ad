Feature: Schemas
  Each message says which schema it keeps, and in which version.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials

  @URS-SCH-001 @risk-medium @OQ @mes @wms @blackbox
  Rule: Every message declares the schema that it keeps
    Every message shall declare schema id and version; an unknown version is refused with the list of
    supported versions.
    Clauses: EU GMP Annex 11 §5; EU GMP Annex 11 §10

    @accepts
    Scenario: What the systems send each other declares a published schema with its version
      Given production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 10.000 kg in a container of its own
      And quality has decided that lot A is BLOCKED, and the warehouse knows
      Then each message of both journals declares the published schema of its kind

    @refuses
    Scenario Outline: A message of an unknown version is refused, and the supported one is named: <message> <version>
      When a counterpart sends <message> in version <version>
      Then it is refused with UNKNOWN_SCHEMA_VERSION at dataschema
      And the refusal names the published schema of the message
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

      Examples:
        | message             | version |
        | a pick request      | 1.0.1   |
        | a pick request      | 2.0.0   |
        | a pick request      | 0.9.0   |
        | a lot status change | 2.0.0   |
        | a pick confirmation | 2.0.0   |

    @refuses
    Scenario Outline: A message that declares no schema is refused: <message>
      When a counterpart sends <message> in no version
      Then it is refused with SCHEMA_VIOLATION at dataschema
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

  @URS-SCH-002 @risk-high @OQ @mes @wms @tool @blackbox
  Rule: A change of the contract is compatible, or has a new major version
    A schema change shall be classified automatically (compatible / breaking); a breaking change
    without a new major version shall fail the build.
    Clauses: EU GMP Annex 11 §10

    @accepts
    Scenario: What breaks nobody may be published under the next minor number
      When the published contract is compared with a draft 1.1.0 for each of these changes
        | change                                               |
        | a message has one member more, which may be left out |
        | a member of a message may be left out                |
        | a member of a message takes any text                 |
        | an operation is guarded by one rule less             |
        | an answer leaves out a member that may be left out   |
        | an operation is added                                |
        | a query may be asked with one thing more             |
        | a code is added                                      |
        | a sentence for the operator is worded otherwise      |
        | a golden message is added                            |
      Then each change is found compatible
      And each draft may be published under its number
      And each system says that it keeps the published version, and no other of its major version

    @refuses
    Scenario: What breaks somebody is turned away without a new major number
      When the published contract is compared with a draft 1.1.0 for each of these changes
        | change                                               |
        | a message has one member more, which has to be there |
        | a member of a message is removed                     |
        | a member of a message has another name               |
        | a member of a message has another type               |
        | a member of a message has another pattern            |
        | a member of a message takes at most ten characters   |
        | a message is removed                                 |
        | an operation is removed                              |
        | an operation is called with another method           |
        | an operation wants one parameter more                |
        | an operation takes another media type                |
        | an operation is guarded by one rule more             |
        | an answer has a member that no reader knows          |
        | an answer may leave out what was always there        |
        | an answer leaves out what was always there           |
        | a code is removed                                    |
        | a code has another status                            |
        | a golden message is removed                          |
      Then each change is found breaking
      And each draft may not be published under its number

    @accepts
    Scenario: What breaks somebody may be published under a new major number
      When the published contract is compared with a draft 2.0.0 for each of these changes
        | change                                 |
        | a member of a message is removed       |
        | a member of a message has another name |
        | a member of a message has another type |
      Then each change is found breaking
      And each draft may be published under its number
