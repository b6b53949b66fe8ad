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

  @URS-TIM-002 @risk-high @OQ @mes @wms @blackbox
  Rule: A clock that is wrong signs nothing
    Clock offset to the reference shall be measured every 60 s; offset > 1 s raises a warning, > 5 s
    stops signing and posting of time-critical transactions.
    Clauses: 21 CFR 11.10(e)

    @accepts
    Scenario Outline: A clock within five seconds signs and posts: <clock>
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And the clock of MES is found <clock>
      When quality releases lot A with a signature
      Then the command is done
      And MES shows the offset <clock>, measured less than 60 seconds ago

      Examples:
        | clock           |
        | 900 ms ahead    |
        | 5000 ms behind  |

    @refuses
    Scenario Outline: A clock that is further off signs nothing: <clock>
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And the clock of MES is found <clock>
      When quality releases lot A with a signature
      Then it is refused with CLOCK_UNTRUSTED as a whole
      And the status of the answer is 503
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words
      And quality can still block lot A, and release it when the clock is right again

      Examples:
        | clock           |
        | 5001 ms ahead   |
        | 5001 ms behind  |

    @refuses
    Scenario: Stock is not set aside by a clock that is wrong, and the request is not lost
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the clock of the warehouse is found 6000 ms ahead
      When the MES counterpart sends a pick request for 4.000 kg
      Then it is refused with CLOCK_UNTRUSTED as a whole
      And nothing has changed but the record of this and its refusal
      And the same request is posted when the clock of the warehouse is right again

  @URS-TIM-004 @risk-medium @OQ @mes @wms @blackbox
  Rule: The order of records does not depend on the clock
    A change of system time shall itself be an audit entry; order of entries shall stay provable by
    sequence number when time goes back (DST, step of −1 h).
    Clauses: none that is in force
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §12.3

    @accepts
    Scenario: In the hour that comes twice the numbers and the instants go on
      Given it is the instant 2026-10-25T00:30:00.000000Z
      And lot A of lactose, 25.000 kg, released, expiring on 2027-01-31
      And lot B of lactose, 25.000 kg, released, expiring on 2027-01-31
      When quality blocks lot A, then the clock of MES is set 3600 seconds on, then quality blocks lot B
      Then by their numbers the entries about lot A stand before those about lot B
      And their local times are the same, their offsets are not
      And no entry says that the clock was set

    @control
    Scenario: A clock that is set back is entered, and the order stays
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31
      When quality blocks lot A, then the clock of MES is set 3600 seconds back, then quality blocks lot B
      Then by their numbers the entries about lot A stand before those about lot B
      And between them an entry says what the clock read before and after
      And the entries about lot B carry an earlier time than those about lot A
