Feature: Time
  Each record says when it was made, by the clock of the system that made it.

  @URS-TIM-001 @risk-medium @OQ @mes @wms @blackbox
  Rule: A stored time is an instant with its offset
    All stored times shall be an instant in UTC plus the originating offset, to ms; local display
    shall show the zone and the rule in force when written.
    Clauses: none that is in force
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §12.2; EU GMP Annex 11 draft of 2025, consultation draft, not in force, §13.4
    Outside: local display, which has no screen here

    @accepts
    Scenario Outline: Every record carries its instant and the offset in force at the site: <shown>
      Given it is the instant <instant>
      And lot A of lactose, 25.000 kg, released, expiring on 2027-01-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 4.000 kg in a container of its own
      And both systems have delivered what was due
      Then every new record of both systems says <shown>
      And every time that both systems show has its offset and its milliseconds

      Examples: winter, summer, and the hour that comes twice
        | instant                     | shown                            |
        | 2026-03-28T11:00:00.123456Z | 2026-03-28T12:00:00.123456+01:00 |
        | 2026-03-30T10:00:00.001000Z | 2026-03-30T12:00:00.001000+02:00 |
        | 2026-10-25T00:30:00.000000Z | 2026-10-25T02:30:00.000000+02:00 |
        | 2026-10-25T01:30:00.000000Z | 2026-10-25T02:30:00.000000+01:00 |

    @refuses
    Scenario Outline: A time that names no instant is refused: <value>
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When a counterpart sends <message> with <value> as <path>
      Then it is refused with SCHEMA_VIOLATION at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

      Examples:
        | message             | path             | value                            |
        | a pick request      | data.neededBy    | 2026-03-30T10:00:00              |
        | a pick request      | time             | 2026-03-30T10:00:00.000          |
        | a lot status change | data.decidedAt   | 2026-02-30T10:00:00+01:00        |
        | a lot status change | data.effectiveAt | 2026-03-30T10:00:00+0200         |
        | a pick confirmation | data.scannedAt   | 2026-03-30T25:00:00+02:00        |
        | a pick confirmation | time             | 2026-03-30T10:00:00.0000001Z     |

  @URS-TIM-003 @risk-high @OQ @mes @wms @blackbox
  Rule: The time of the server counts, the time of the client is reported
    Server time shall be used for audit and signature; client times shall be stored separately as
    "reported".
    Clauses: 21 CFR 11.10(e)

    @accepts
    Scenario Outline: A message from a clock that is wrong is recorded by the right one: <message>
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When a counterpart sends <message> from a clock that is 50 minutes ahead
      Then it is acknowledged
      And audit trail, journal and acknowledgement carry the time of the receiver
      And the journal of the receiver holds exactly the bytes that were sent and those that came back

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

    @accepts
    Scenario: A signature carries the time of the system at which it was given
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When quality releases lot A with a signature
      Then the command is done
      And after delivery both systems show lot A as RELEASED
      And the message about lot A carries the signature id, printed name, role, meaning and time

    @refuses
    Scenario Outline: A person brings no time along: <member>
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When a person commands <command> with the unknown member <member>
      Then it is refused with SCHEMA_VIOLATION at <member>
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

      Examples:
        | command                | member      |
        | a decision about a lot | decidedAt   |
        | a decision about a lot | effectiveAt |
        | a scanned pick         | scannedAt   |
        | the start of an order  | recordedAt  |
