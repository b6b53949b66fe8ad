Feature: Alarms
  What goes wrong with the systems themselves is told to somebody in time, and what came of it is
  kept.

  Background:
    Given it is 2026-03-30 09:00 at the site

  @URS-ALM-001 @risk-medium @OQ @mes @wms @blackbox
  Rule: What is beyond its limit raises an alarm within a minute
    p95 end-to-end latency > 2 s, queue age > 60 s, backlog > 500, breaker open, reconciliation
    difference, clock drift, certificate < 30 d shall each raise an alarm within 60 s of a seeded
    cause.
    Clauses: none that is in force
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §8.1
    Outside: the backlog of 500 messages, which a test of the house fills; the open breaker, which belongs to the delivery of messages

    @accepts
    Scenario: While everything is within its limits there is no alarm
      When 60 seconds pass with the instruments of both systems as they are
      Then neither system has raised an alarm about itself
      And the exported limits are those of the requirement

    @control
    Scenario Outline: A seeded cause raises its alarm within a minute, and one alarm alone: <cause>
      When 60 seconds pass with this seeded in MES: <cause>
      Then MES has raised the alarm <alarm> about itself once
      And after another 60 seconds it has raised no second one
      And the metrics of MES show the condition <alarm>

      Examples:
        | cause                                    | alarm            |
        | its clock is 1500 ms ahead               | CLOCK_DRIFT      |
        | its clock is 1500 ms behind              | CLOCK_DRIFT      |
        | one of its certificates ends in 29 days  | CERTIFICATE_ENDS |
        | a message finds no partner for 61 seconds | QUEUE_OLD       |
        | twenty messages take 4 seconds each      | LATENCY_HIGH     |

    @control
    Scenario: A difference found between the records raises its alarm
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And both alarm logs as they are
      And quality has published lactose with another gtin
      When 60 seconds pass with the instruments of both systems as they are
      Then the warehouse has raised the alarm RECONCILIATION_DIFFERENCE about itself once

  @URS-ALM-002 @risk-medium @OQ @mes @wms @blackbox
  Rule: The alarm log says who looked at an alarm and what came of it
    The alarm log shall hold name, time, acknowledgement time, user, role, comment; not editable,
    searchable.
    Clauses: none that is in force
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §8

    @accepts
    Scenario: Support acknowledges an alarm, and a search finds it
      Given MES has raised an alarm about its clock
      When support acknowledges the alarm with "time server was restarted"
      Then the command is done
      And the alarm log of MES shows its name, its time, and support's acknowledgement
      And a search for "SERVER" finds the alarm, and one for "no-such-words" finds nothing

    @refuses
    Scenario: An alarm is acknowledged once
      Given MES has raised an alarm about its clock
      And support has acknowledged the alarm
      When quality acknowledges the alarm with "nothing came of it"
      Then it is refused with ALARM_ACKNOWLEDGED at alarmId
      And nothing has changed but the record of this and its refusal
      And the alarm log of MES shows its name, its time, and support's acknowledgement

    @refuses
    Scenario Outline: An acknowledgement that says nothing, or of nothing, is refused: <what>
      Given MES has raised an alarm about its clock
      When support acknowledges <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                            | code             | path    |
        | an alarm that nobody raised with "was looked at" | UNKNOWN_ALARM   | alarmId |
        | the alarm with "ok"                             | REASON_TOO_SHORT | comment |

  @URS-ALM-003 @risk-high @OQ @mes @wms @blackbox
  Rule: Suspected misuse of credentials reaches the security contact
    Suspected misuse of credentials shall reach the security contact within 60 s.
    Clauses: 21 CFR 11.300(d)

    @accepts
    Scenario: A person who mistypes a password is no suspicion
      Given a security contact that takes over what it is told
      When somebody signs in to MES 4 times with a wrong password of quality
      And 60 seconds pass with the instruments of both systems as they are
      Then the security contact has been told nothing

    @control
    Scenario Outline: Suspected misuse is told within a minute: <misuse>
      Given a security contact that takes over what it is told
      When <misuse>
      And 60 seconds pass with the instruments of both systems as they are
      Then the security contact has been told once, with the words "<words>"
      And the alarm log says when the contact took it over

      Examples:
        | misuse                                                            | words           |
        | somebody signs in to MES 5 times with a wrong password of quality | wrong passwords |
        | somebody sends the signed bytes of a counterpart to MES again     | not signed by it |

    @control
    Scenario: A contact that does not answer is told again
      Given a security contact that answers from the third time on
      When somebody signs in to MES 5 times with a wrong password of quality
      And 60 seconds pass with the instruments of both systems as they are
      And 60 seconds pass with the instruments of both systems as they are
      And 60 seconds pass with the instruments of both systems as they are
      Then the security contact has been told 3 times of one alarm
      And the alarm log says when the contact took it over
