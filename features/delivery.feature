Feature: Delivery
  What one system has to know of the other reaches it, once, in order, or somebody is told.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials

  @URS-PCK-005 @risk-high @OQ @mes @wms @blackbox
  Rule: At pick confirmation MES is asked whether the lot may still be used
    At pick confirmation the WMS shall validate status, expiry and identity with MES by the
    synchronous validate call; a lot expired or held since its allocation is refused.
    Clauses: 21 CFR 211.84(a); 21 CFR 211.87; 21 CFR 211.101(c)(1)

    @accepts
    Scenario: MES allows the lot, and question and reply stand in both journals
      Given production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 10.000 kg in a container of its own
      Then the command is done
      And both journals hold one question about lot A and the reply that it is allowed

    @refuses
    Scenario: A lot held a moment ago is refused, although the warehouse has not heard of it
      Given production has requested 10.000 kg for the order
      And quality has blocked lot A, and the warehouse has not heard of it
      When the picker scans the container of lot A and brings 10.000 kg in a container of its own
      Then it is refused with LOT_NOT_RELEASED at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A lot held a moment ago is not allocated either
      Given quality has blocked lot A, and the warehouse has not heard of it
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: Asked directly, MES names what stands against each lot
      Given lot B of lactose, 5.000 kg, in quarantine, expiring on 2026-12-31
      And lot C of lactose, 5.000 kg, released, expiring on 2026-03-29
      When the WMS counterpart asks MES about the lots A, B, C and one that nobody knows
      Then lot A is allowed, the others are LOT_NOT_RELEASED, LOT_EXPIRED and UNKNOWN_LOT

  @URS-STA-004 @risk-high @OQ @mes @wms @blackbox
  Rule: Who does not own the status and cannot confirm it does not use the lot
    A system that does not own the status and cannot confirm it (link down, data older than 15 min)
    shall not allocate, pick, issue or ship; the owner may go on with material already staged with
    it; a warehouse hold that arrives late blocks the affected batches. The profile lists what "may
    continue".
    Clauses: 21 CFR 211.84(a); 21 CFR 211.142(a)

    @accepts
    Scenario: With the link down the owner of the status goes on
      Given the warehouse does not reach MES, and MES does not reach the warehouse
      When quality blocks lot A for the reason "damaged seal found"
      Then the command is done
      And the message waits in the outbox of MES

    @accepts
    Scenario: Both systems know when they heard from each other, and how far the other is
      Given everything has been delivered
      When 5 minutes pass at the site
      Then both systems have heard from each other at this instant, clocks equal, journals named

    @accepts
    Scenario: As soon as the link is back the same pick is done
      Given production has requested 10.000 kg for the order
      And the warehouse does not reach MES
      And the picker has been refused a scan of lot A with STATUS_UNCONFIRMED
      And the link is back
      When the picker scans the container of lot A and brings 10.000 kg in a container of its own
      Then the command is done
      And after delivery both systems show 10.000 kg picked for the request

    @refuses
    Scenario: With the link down the warehouse does not pick
      Given production has requested 10.000 kg for the order
      And the warehouse does not reach MES
      When the picker scans the container of lot A and brings 10.000 kg in a container of its own
      Then it is refused with STATUS_UNCONFIRMED at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: With the link down the warehouse does not allocate
      Given the warehouse does not reach MES
      When production requests 10.000 kg for the order
      Then it is refused with STATUS_UNCONFIRMED at lines[0].quantity
      And nothing has changed but the record of this and its refusal

    @accepts
    Scenario: Before a case leaves MES confirms its lot
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And quality has released lot P
      And case 1 with 2 units of lot P
      When the shipper ships case 1
      Then the command is done
      And both journals hold one question about lot P and the reply that it is allowed

    @refuses
    Scenario: With the link down nothing is shipped
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And quality has released lot P
      And case 1 with 2 units of lot P
      And the warehouse does not reach MES
      When the shipper ships case 1
      Then it is refused with STATUS_UNCONFIRMED at ssccs[0]
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A lot held a moment ago is not shipped, although the warehouse has not heard of it
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And quality has released lot P
      And case 1 with 2 units of lot P
      And quality has blocked lot P, and the warehouse has not heard of it
      When the shipper ships case 1
      Then it is refused with LOT_NOT_RELEASED at ssccs[0]
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A hold that arrives when its lot is in a batch keeps that batch from being released
      Given a scale whose calibration ends on 2026-12-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And an order that makes lot P of tablets out of lactose
      And the supervisor puts lot B on hold while the message is still on its way
      And 1 seconds pass at the site
      And the dispenser has weighed 4.000 kg of lot B for lot P
      And the late hold of lot B has opened a deviation that names lot P and its order
      When quality releases lot P with a signature
      Then it is refused with RELEASE_BLOCKED at lotId
      And the refusal names what is open
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @accepts
    Scenario: Once quality has concluded on the late hold the batch is released
      Given a scale whose calibration ends on 2026-12-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And an order that makes lot P of tablets out of lactose
      And the dispenser has weighed 4.000 kg of lot B for lot P
      And 1 seconds pass at the site
      And the supervisor has put lot B on hold
      And the late hold of lot B has opened a deviation that names lot P and its order
      And quality has closed the deviation
      When quality releases lot P with a signature
      Then the command is done

    @accepts
    Scenario: What was released before the late hold arrived goes back to quarantine
      Given a scale whose calibration ends on 2026-12-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And an order that makes lot P of tablets out of lactose
      And the warehouse does not reach MES
      And the supervisor puts lot B on hold while the message is still on its way
      And 1 seconds pass at the site
      And the dispenser has weighed 4.000 kg of lot B for lot P
      And quality has released lot P
      And the link is back
      When 5 minutes pass at the site
      Then after delivery both systems show lot P as QUARANTINE
      And the late hold of lot B opened a deviation that names lot P and its order

    @accepts
    Scenario: A hold of a lot that is in no batch opens no deviation
      When the supervisor puts lot A on hold as BLOCKED
      Then the command is done
      And MES shows no deviation about lot A

    @accepts
    Scenario: A sign of life that became a dead letter silences nobody
      Given the warehouse broke on a sign of life of MES until it was a dead letter, and is whole
      When 5 minutes pass at the site
      Then both systems have heard from each other at this instant, clocks equal, journals named

  @URS-PCK-004 @risk-medium @OQ @mes @wms @blackbox
  Rule: A pick that is cancelled or short-closed frees its allocation on both sides exactly once
    A pick cancelled or short-closed shall free its allocation on both sides exactly once.
    Clauses: EU GMP Annex 11 §5

    @accepts
    Scenario: What was set aside is free again, and another request gets it
      Given production has requested 10.000 kg for the order
      When production cancels the request for the reason "order was replanned"
      Then the command is done
      And both systems show the request as CANCELLED with 0.000 kg picked
      And nothing is set aside for the request any more
      And the same quantity can be requested once more

    @accepts
    Scenario: After a part was picked the rest is free, and what was picked stays picked
      Given production has requested 10.000 kg for the order
      And the picker has brought 4.000 kg of lot A in a container of its own
      When production cancels the request for the reason "order was cut short"
      Then the command is done
      And both systems show the request as CANCELLED with 4.000 kg picked
      And nothing is set aside for the request any more

    @refuses
    Scenario: A request is cancelled once
      Given production has requested 10.000 kg for the order
      And production has cancelled the request
      When production cancels the request for the reason "pressed it twice"
      Then it is refused with NOTHING_TO_CANCEL at requestId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A cancellation that crosses the last pick on the way comes too late
      Given production has requested 10.000 kg for the order
      And the picker has brought 10.000 kg of lot A in a container of its own
      When production cancels the request for the reason "order was replanned"
      Then it is refused with NOTHING_TO_CANCEL at requestId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: The warehouse frees nothing a second time, whoever asks
      Given production has requested 10.000 kg for the order
      And production has cancelled the request
      When the MES counterpart cancels the request once more
      Then it is refused with NOTHING_TO_CANCEL at data.requestId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: What was cancelled is not picked
      Given production has requested 10.000 kg for the order
      And production has cancelled the request
      When the picker scans the container of lot A and brings 10.000 kg in a container of its own
      Then it is refused with UNKNOWN_REQUEST at requestId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: A cancellation needs a known request and a reason: <case>
      Given production has requested 10.000 kg for the order
      When production cancels <request> for the reason "<reason>"
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | case           | request                   | reason              | code             | path      |
        | short reason   | the request               | oops                | REASON_TOO_SHORT | reason    |
        | blank reason   | the request               | a   b               | REASON_TOO_SHORT | reason    |
        | unknown number | a request nobody has made | order was replanned | UNKNOWN_REQUEST  | requestId |

  @URS-REL-006 @risk-high @OQ @mes @wms @blackbox
  Rule: Messages about one thing are applied in business order, an early one as soon as it can be
    Messages for one handling unit / batch shall be applied in business order; an early message is
    held, not dropped, and released within 1 s of its predecessor.
    Clauses: 21 CFR 11.10(f)

    @accepts
    Scenario: The second message comes first, waits, and is applied with its predecessor
      When the MES counterpart sends its second message about lot A, from BLOCKED to QUARANTINE
      Then it is acknowledged as DEFERRED
      And the warehouse shows lot A as RELEASED
      When the MES counterpart sends its first message about lot A, from RELEASED to BLOCKED
      Then it is acknowledged as ACCEPTED
      And the warehouse shows lot A as QUARANTINE
      And a repeat of the early message gets the answer ACCEPTED, marked as replayed

    @accepts
    Scenario: Three messages in the reverse order end in the right one
      When the MES counterpart sends its third message about lot A, from QUARANTINE to REJECTED
      And the MES counterpart sends its second message about lot A, from BLOCKED to QUARANTINE
      Then the warehouse shows lot A as RELEASED
      When the MES counterpart sends its first message about lot A, from RELEASED to BLOCKED
      Then the warehouse shows lot A as REJECTED

    @refuses
    Scenario: Another message under the number of one that waits is refused
      Given the MES counterpart has sent its second message about lot A, from BLOCKED to QUARANTINE
      When the MES counterpart sends its second message about lot A, from BLOCKED to REJECTED
      Then it is refused with SEQUENCE_USED at subjectsequence
      And nothing has changed but the record of this and its refusal

  @URS-REL-009 @risk-high @OQ @mes @wms @blackbox
  Rule: The final outcome of a deferred message reaches its sender
    The final outcome (posted, or refused with its code) of a DEFERRED message shall reach its
    sender by status query and by a settlement acknowledgement within 5 s of being decided; a later
    refusal opens a discrepancy.
    Clauses: EU GMP Annex 11 §5

    @accepts
    Scenario: What was posted in its turn is settled as POSTED and shown so when asked
      Given what the warehouse sends goes to a partner that takes everything
      And the MES counterpart has sent its second message about lot A, from BLOCKED to QUARANTINE
      When the MES counterpart sends its first message about lot A, from RELEASED to BLOCKED
      Then 5 seconds later the warehouse has told that the early message is POSTED
      And asked about the early message the warehouse answers POSTED

    @accepts
    Scenario: A sender whose message was deferred asks, and takes the outcome over
      Given the warehouse defers what MES sends, and answers POSTED when asked
      When production requests 10.000 kg for the order
      Then the command is pending
      And after 10 minutes MES has sent the message once, asked, and shows the request as ALLOCATED

    @refuses
    Scenario: What is refused in its turn is settled as REFUSED, and nothing of it is posted
      Given what the warehouse sends goes to a partner that takes everything
      And the MES counterpart has sent its second message about lot A, from REJECTED to RELEASED
      When the MES counterpart sends its first message about lot A, from RELEASED to BLOCKED
      Then 5 seconds later the warehouse has told that the early message is REFUSED
      And asked about the early message the warehouse answers REFUSED
      And the warehouse shows lot A as BLOCKED

    @refuses
    Scenario: A refusal that comes later closes the request at its sender and raises an alarm
      Given the warehouse defers what MES sends, and answers DEFERRED when asked
      And production has been told that its request for 10.000 kg is pending
      When the WMS counterpart settles the message of the request as REFUSED with NO_ELIGIBLE_STOCK
      Then MES shows the request as REFUSED
      And MES has raised the alarm REFUSED_LATER about the message of the request

  @URS-IDM-004 @risk-high @OQ @mes @wms @blackbox
  Rule: A repeat while the first is in progress is not posted a second time
    A repeat while the first is in progress shall get 409/425 or wait; it shall never post twice.
    Clauses: 21 CFR 11.10(a)

    @accepts
    Scenario: The same message comes again while the first is being worked on
      When the MES counterpart sends a pick request for 10.000 kg twice at once
      Then each got the same acknowledgement, or was told to come again
      And the warehouse has set aside 10.000 kg of lot A for the request, and nothing else

    @refuses
    Scenario: Other content under the same key comes while the first is being worked on
      When the MES counterpart sends pick requests for 4.000 kg and 5.000 kg under one key at once
      Then one is acknowledged, the other is refused with IDEMPOTENCY_CONFLICT
      And the warehouse holds an allocation for one of the two alone

  @URS-DLQ-001 @risk-high @OQ @mes @wms @blackbox
  Rule: A message that its receiver breaks on becomes a dead letter, and nothing is dropped
    A message that is unreadable, or that was answered 10 times with a 5xx that is not 502-504,
    shall go to the DLQ with reason, last error, attempts, raw bytes, hash, and its successors for
    the same unit stay held; timeouts, resets, an open breaker, 429 and 502-504 never count; nothing
    shall be dropped silently (sent = posted + pending + DLQ at all times).
    Clauses: 21 CFR 11.10(c); EU GMP Annex 11 §13

    @accepts
    Scenario Outline: Ten answers that speak against a message make it a dead letter: <trouble>
      Given the warehouse answers each pick request with <trouble>, and takes everything else
      And production has been told that its request for 10.000 kg is pending
      And production has been told that the cancellation of it is pending
      When 3 hours pass
      Then the request is a dead letter of MES after 10 attempts, with bytes, hash and alarm
      And the cancellation waits behind it and was never sent
      And a hold of lot A was delivered meanwhile
      And all that MES sent is settled, pending or a dead letter

      Examples:
        | trouble           |
        | status 500        |
        | status 501        |
        | an unreadable 200 |

    @refuses
    Scenario Outline: What speaks against the way and not against the message never counts: <trouble>
      Given the warehouse answers each pick request with <trouble>, and takes everything else
      And production has been told that its request for 10.000 kg is pending
      When 3 hours pass
      Then the request is still pending after more than 10 attempts, and no dead letter
      And all that MES sent is settled, pending or a dead letter

      Examples:
        | trouble    |
        | no answer  |
        | status 429 |
        | status 502 |
        | status 503 |
        | status 504 |

  @URS-DLQ-003 @risk-high @OQ @mes @wms @blackbox
  Rule: A dead letter is replayed or discarded by authorised people, with a reason, under its own key
    Replay or discard from the DLQ shall need an authorised person, a reason, a second person for
    discard, and shall keep the original key.
    Clauses: 21 CFR 11.10(g); EU GMP Annex 11 §9

    Background:
      Given the request of production for 10.000 kg has become a dead letter of MES

    @accepts
    Scenario: Replayed, it is delivered with the same bytes under the same key
      When support replays the dead letter for the reason "receiver was repaired"
      Then the command is done
      And after delivery the warehouse has posted the request under its original key
      And MES shows the request as ALLOCATED

    @refuses
    Scenario Outline: A replay needs an open dead letter and a reason: <case>
      When support replays <which> for the reason "<reason>"
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | case            | which                   | reason                | code                | path      |
        | short reason    | the dead letter         | oops                  | REASON_TOO_SHORT    | reason    |
        | unknown message | a message never sent    | receiver was repaired | UNKNOWN_DEAD_LETTER | messageId |

    @refuses
    Scenario: Who caused the message does not replay it
      Given the one who requested has the duty of support as well
      When the one who requested replays the dead letter for the reason "receiver was repaired"
      Then it is refused with OWN_DEAD_LETTER at messageId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: Who has not the duty of support does not replay it
      When production tries to replay the dead letter
      Then the status of the answer is 403
      And the dead letter is open still

    @accepts
    Scenario: Discarded by two people, its receiver knows that it will never come
      Given production has been told that the cancellation of the dead request is pending
      When support discards the dead letter for the reason "order was replanned", approved by quality
      Then the command is done
      And after delivery the warehouse shows the request as discarded, under its original key
      And MES shows the request as REFUSED, and the cancellation has gone out behind it
      And a late copy of the request is refused with IDEMPOTENCY_CONFLICT

    @accepts
    Scenario: What its receiver has after all is not discarded
      Given the warehouse has posted the request after all
      When support discards the dead letter for the reason "order was replanned", approved by quality
      Then after delivery MES shows the request as ALLOCATED, and the warehouse has discarded nothing

    @refuses
    Scenario Outline: Discarding takes a reason and two people who did not cause it: <case>
      When support discards <which> for the reason "<reason>", approved by <approver>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | case             | which                | reason              | approver         | code                  | path            |
        | short reason     | the dead letter      | oops                | quality          | REASON_TOO_SHORT      | reason          |
        | unknown message  | a message never sent | order was replanned | quality          | UNKNOWN_DEAD_LETTER   | messageId       |
        | alone            | the dead letter      | order was replanned | support          | VERIFIER_IS_PERFORMER | approval.userId |
        | by who caused it | the dead letter      | order was replanned | production       | OWN_DEAD_LETTER       | approval.userId |
        | wrong password   | the dead letter      | order was replanned | quality, wrongly | SIGNATURE_REFUSED     | approval        |
        | another duty     | the dead letter      | order was replanned | the packer       | SIGNATURE_REFUSED     | approval        |

    @refuses
    Scenario: What was replayed is not replayed twice
      Given support has replayed the dead letter
      When support replays the dead letter for the reason "pressed it twice"
      Then it is refused with UNKNOWN_DEAD_LETTER at messageId
      And nothing has changed but the record of this and its refusal

  @URS-REL-005 @risk-medium @OQ @mes @wms @blackbox
  Rule: What is refused for good is not tried again, everything else is
    4xx business rejections shall not be retried; 408, 409 in progress, 425, 429, 5xx, timeouts and
    resets shall.
    Clauses: EU GMP Annex 11 §5

    @accepts
    Scenario: After each answer that leaves the outcome open the same bytes are sent again
      Given the warehouse answers pick requests in turn with 408, 409, 425, 429, 500, 503 and nothing
      And production has been told that its request for 10.000 kg is pending
      When 3 hours pass
      Then the same bytes were sent 8 times under one key, and the request is ALLOCATED

    @refuses
    Scenario: A business refusal ends it with the first answer
      Given the warehouse refuses each pick request with NO_ELIGIBLE_STOCK
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      When 3 hours pass
      Then the same bytes were sent 1 times under one key, and the request is REFUSED

  @URS-REL-003 @risk-medium @OQ @mes @wms @blackbox
  Rule: Retries follow the declared curve with jitter, and keep the pause that was asked for
    Retries shall use exponential backoff with jitter: delays within [0.5x,1.5x] of the declared
    curve, cap 5 min, and honour Retry-After.
    Clauses: EU GMP Annex 11 §16

    @accepts
    Scenario: Twelve pauses lie on the curve that MES declares
      Given the warehouse answers each pick request with no answer, and takes everything else
      And production has been told that its request for 10.000 kg is pending
      When 12 attempts follow, each at the moment it is due
      Then each pause is within 0.5 and 1.5 of the declared curve, at most 5 minutes of it

    @accepts
    Scenario: A longer pause that is asked for is kept
      Given the warehouse answers each pick request with a pause of 1200 seconds
      And production has been told that its request for 10.000 kg is pending
      When 3 attempts follow, each at the moment it is due
      Then each pause is at least 1200 seconds

    @control
    Scenario: Pauses that leave the curve are found
      Given pauses that never grow, pauses that grow without end and a pause of nothing
      Then each of them is found to leave the curve
