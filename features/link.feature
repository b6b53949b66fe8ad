Feature: The way to the partner
  A way that is down is left alone and tried by one call; what was sent into it is asked about, and
  nobody else waits for it.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials

  @URS-CBR-001 @risk-medium @OQ @mes @wms @blackbox
  Rule: After five failures nobody calls, and half a minute later exactly one does
    After 5 failures in 30 s the breaker shall open and calls shall fail in < 50 ms; after 30 s
    exactly 1 probe is let through under 100 concurrent callers.
    Clauses: EU GMP Annex 11 §16

    Background:
      Given production has requested 10.000 kg for the order
      And MES answers questions of the warehouse with no answer

    @accepts
    Scenario: Five questions go unanswered, and no sixth is asked
      When the picker tries 5 scans
      Then MES was asked 5 times, and the breaker of the warehouse is OPEN
      When the picker tries 10 scans
      Then MES was asked 5 times, and the breaker of the warehouse is OPEN
      And each of the last 10 scans was refused with STATUS_UNCONFIRMED in under 50 ms

    @accepts
    Scenario: Of 100 callers at once exactly one is let through, and its answer opens the way
      Given the picker has tried 5 scans
      And 30 seconds have passed, and MES answers again while 99 more scans are tried
      When the picker tries 1 scans
      Then MES was asked 6 times, and the breaker of the warehouse is CLOSED
      When the picker tries 1 scans
      Then MES was asked 7 times, and the breaker of the warehouse is CLOSED

    @refuses
    Scenario: A probe without an answer shuts the way for another half minute
      Given the picker has tried 5 scans
      And 30 seconds have passed
      When the picker tries 3 scans
      Then MES was asked 6 times, and the breaker of the warehouse is OPEN

    @refuses
    Scenario Outline: What the partner itself answers never shuts the way: <answer>
      Given MES answers questions of the warehouse with <answer>
      When the picker tries 8 scans
      Then MES was asked 8 times, and the breaker of the warehouse is CLOSED

      Examples:
        | answer     |
        | status 500 |
        | status 429 |

  @URS-CBR-002 @risk-medium @OQ @mes @wms @blackbox
  Rule: What the breaker does stands in the journal and among the key figures
    State changes of the breaker shall be journalled and visible in KPIs; a process restart shall
    not close an open breaker.
    Clauses: EU GMP Annex 11 §13

    Background:
      Given production has requested 10.000 kg for the order
      And MES answers questions of the warehouse with no answer

    @accepts
    Scenario: Shut, tried and open again: three rows of the journal, one alarm, one opening
      Given the picker has tried 5 scans
      And 30 seconds have passed, and MES answers again while 0 more scans are tried
      When the picker tries 1 scans
      Then the journal of the warehouse tells of CLOSED to OPEN, OPEN to HALF_OPEN, HALF_OPEN to CLOSED
      And the warehouse has raised the alarm BREAKER_OPEN once
      And the key figure breaker-openings of that journal is 1

    @refuses
    Scenario: Between shut and tried again the journal holds no question
      Given the picker has tried 5 scans
      When the picker tries 5 scans
      Then the journal of the warehouse tells of CLOSED to OPEN
      And the journal of the warehouse holds 5 questions to MES

    @refuses
    Scenario: A restart leaves a way that is shut as it was
      Given both systems run on machines that can be killed
      And it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      And MES answers questions of the warehouse with no answer
      And the picker has tried 5 scans
      When the warehouse is killed and comes up again
      And the picker tries 5 scans
      Then MES was asked 5 times, and the breaker of the warehouse is OPEN
      And the journal of the warehouse tells of CLOSED to OPEN

  @URS-REL-004 @risk-medium @PQ @mes @wms @blackbox
  Rule: Retries never outnumber a tenth of what is sent for the first time
    Retries to one target shall not exceed, in any 1 min window, 10 % of first attempts or 1 per
    10 s, whichever is more; half-open probes are exempt.
    Clauses: EU GMP Annex 11 §16

    @accepts
    Scenario: Twelve messages are turned away for three minutes, and none of them is lost
      Given the warehouse answers status changes with status 429
      And quality has blocked 12 lots
      When 3 minutes pass, and MES sends whatever is due at the moment it is due
      Then in no minute that ends with a retry were more than 6 of them
      When the way is open again and 20 minutes have passed
      Then the warehouse has heard of all 12 blocked lots

    @control
    Scenario: Too many retries are found
      Given retries that follow each other, and retries that stay within their share
      Then the first are found to be too many, and the second are not

  @URS-REL-007 @risk-high @OQ @mes @wms @blackbox
  Rule: Who does not know how a message ended asks for it
    An unknown outcome (timeout after send) shall be resolved by a status query, never by
    assumption.
    Clauses: 21 CFR 11.10(a)

    @accepts
    Scenario Outline: The answer was lost, the question finds it: <outcome>
      Given the warehouse loses its answer to a pick request, and answers <outcome> when asked
      And production has been told that its request for 10.000 kg is pending
      When 10 seconds have passed, and MES has sent what was due
      Then MES has sent the request 1 times, asked, and shows it as <state>

      Examples:
        | outcome  | state     |
        | POSTED   | ALLOCATED |
        | REFUSED  | REFUSED   |

    @accepts
    Scenario: What never arrived is sent again under its own key
      Given the warehouse loses its answer to a pick request, and answers UNKNOWN when asked
      And production has been told that its request for 10.000 kg is pending
      When 10 seconds have passed, and MES has sent what was due
      Then MES has sent the request 2 times, asked, and shows it as ALLOCATED

    @refuses
    Scenario: Without a reply nothing is taken for granted
      Given the warehouse loses its answers to every pick request, and answers nothing when asked
      And production has been told that its request for 10.000 kg is pending
      When 10 seconds have passed, and MES has sent what was due
      Then MES has sent the request 2 times, asked, and shows it as REQUESTED

  @URS-DLQ-002 @risk-medium @PQ @mes @wms @blackbox
  Rule: A message that breaks its receiver delays nobody else
    A poison message shall not delay other materials' messages by more than 1 s.
    Clauses: EU GMP Annex 11 §16

    @accepts
    Scenario: While one request breaks the warehouse again and again, holds arrive at once
      Given the warehouse answers each pick request with status 500, and takes everything else
      And production has been told that its request for 10.000 kg is pending
      When quality blocks 12 lots, one every 20 seconds, and MES sends what is due
      Then each hold arrived within 1 second, and the request was tried in between

    @control
    Scenario: A delay is found
      Given arrivals after 0.2, 0.9 and 1.1 seconds
      Then the last of them is found to be late

  @URS-DLQ-004 @risk-medium @OQ @mes @wms @blackbox
  Rule: A dead letter that nobody sees to raises an alarm
    A DLQ entry older than 30 min shall raise an alarm.
    Clauses: EU GMP Annex 11 (2025 draft, not in force) §8

    Background:
      Given the request of production for 10.000 kg has become a dead letter of MES just now

    @accepts
    Scenario: After half an hour the alarm is raised, once
      When 29 minutes pass at the site
      Then MES has raised the alarm DEAD_LETTER_OLD about it 0 times
      When 31 minutes pass after that, and another 31
      Then MES has raised the alarm DEAD_LETTER_OLD about it 1 times

    @refuses
    Scenario: A dead letter that was seen to raises none
      Given support has replayed the dead letter
      When 31 minutes pass after that, and another 31
      Then MES has raised the alarm DEAD_LETTER_OLD about it 0 times

  @URS-IDM-006 @risk-high @IQ @mes @wms @blackbox
  Rule: Nothing forgets a key while a message can still come again
    Dedupe keys shall be kept as long as the journal; IQ computes retry horizon + DLQ replay age +
    longest backup age and shows that no shorter window exists anywhere, brokers included.
    Clauses: 21 CFR 11.10(a)

    @accepts
    Scenario: What decides on duplicates covers everything that can bring a message again
      Then of both systems each memory of keys lasts as long as a message can come again

    @accepts
    Scenario: A repeat gets the first answer after the longest time that can bring it
      Given a counterpart has sent a pick confirmation
      When the longest time has passed in which a message can come again
      And 1 senders repeat it 1 times in all
      Then every repeat got the bytes of the first answer, marked as replayed
      And nothing is posted a second time

    @control
    Scenario Outline: A memory that is too short is found: <what>
      Given what a system shows of its memories, with <what>
      Then that is found to be too short

      Examples:
        | what                                     |
        | an inbox of 30 days                      |
        | a broker that decides for 2 minutes      |
        | an inbox shorter than the oldest backup  |
        | no memory at all                         |
