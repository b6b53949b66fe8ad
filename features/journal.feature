Feature: Journal
  Every document that came or went is kept as it was, in a chain that no hand can change unseen.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials

  @URS-JRN-001 @risk-high @OQ @mes @wms @blackbox
  Rule: The journal is a chain of hashes
    Journal rows shall be hash-chained/Merkle-hashed; for every stored row, flipping any one bit,
    deleting, inserting, swapping or truncating rows shall be detected and the first bad position
    named.
    Clauses: 21 CFR 11.10(a); 21 CFR 11.10(e)
    Outside: rows that are changed in the database of a running system, which takes a host

    @accepts
    Scenario: Both journals are whole from the first row to the last
      Given production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 4.000 kg in a container of its own
      And both systems have delivered what was due
      Then every row of both journals has its position, its own hash and the hash before it
      And every acknowledgement names the hash of the row that the other system keeps

    @control
    Scenario: A damaged copy of a journal does not pass, and the first bad position is named
      Given production has requested 10.000 kg for the order
      When a copy of the last 6 rows of each journal is damaged in every one of these ways
        | damage                                  |
        | one bit of each byte of the body        |
        | one bit of each character of a member   |
        | a row deleted                           |
        | a row inserted                          |
        | two rows swapped                        |
        | the last rows cut off                   |
      Then each damaged copy is found, at its first bad position

    @accepts
    Scenario: Every row of both journals stands in the tree of the last checkpoint
      Given production has requested 10.000 kg for the order
      When 15 minutes pass, with the work of both systems every 15 minutes
      Then the rows of both journals have the root of each checkpoint kept outside
      And the last 8 rows of each journal that are in it are proven to be in that tree

    @control
    Scenario: A journal whose rows were rewritten and chained anew does not fit what was kept
      Given production has requested 10.000 kg for the order
      When 15 minutes pass, with the work of both systems every 15 minutes
      And one of 8 rows of each journal is changed in a copy, and every row behind it chained anew
      Then the chain of each copy is whole
      And each copy is found by the checkpoints kept outside, not behind its first bad position

  @URS-JRN-005 @risk-high @OQ @mes @wms @blackbox
  Rule: Messages are kept byte for byte
    Inbound and outbound messages shall be kept byte-for-byte as received/sent with SHA-256, before
    parsing.
    Clauses: 21 CFR 11.10(b); ALCOA (original)

    @accepts
    Scenario Outline: A message is kept with the blanks and the order in which it came: <message>
      When a counterpart sends <message> with blanks and in another order of its members
      Then it is acknowledged
      And the journal of the receiver holds exactly the bytes that were sent and those that came back

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

    @accepts
    Scenario: What one system keeps as sent is what the other keeps as received
      Given production has requested 10.000 kg for the order
      When the picker scans the container of lot A and brings 4.000 kg in a container of its own
      And both systems have delivered what was due
      Then both journals hold the same bytes of every message and answer between them

    @refuses
    Scenario Outline: What cannot be read is kept as it came: <message> <body>
      When a counterpart sends <message> whose body is <body>
      Then it is refused with UNREADABLE as a whole
      And the journal of the receiver holds exactly the bytes that were sent and those that came back
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

      Examples:
        | message             | body                  |
        | a pick request      | no UTF-8              |
        | a pick request      | cut off in the middle |
        | a pick request      | empty                 |
        | a pick confirmation | with NaN              |

  @URS-REL-001 @risk-high @OQ @mes @wms @blackbox
  Rule: What is acknowledged is kept
    A message shall be acknowledged only after durable commit; a receiver killed between commit and
    ack leads to a retry and one posting.
    Clauses: 21 CFR 11.10(a); 21 CFR 11.10(c)

    @accepts
    Scenario Outline: The acknowledged message stands where its acknowledgement says: <message>
      When a counterpart sends <message>
      Then it is acknowledged
      And the journal of the receiver holds the message at the acknowledged position, under the acknowledged hash

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

    @accepts
    Scenario: A retry of a message whose acknowledgement was lost names the same place
      When a counterpart sends a pick confirmation
      And 20 senders repeat it 20 times in all
      Then every repeat got the bytes of the first answer, marked as replayed
      And the journal of the receiver holds the message at the acknowledged position, under the acknowledged hash
      And nothing is posted a second time

    @accepts
    Scenario: A receiver that is killed between commit and acknowledgement posts once
      Given both systems run on machines that can be killed
      And it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When a counterpart sends a pick confirmation, and MES is killed at inbox.after-commit
      Then the sender has no answer
      When the counterpart sends it again
      Then it is acknowledged
      And the journal of the receiver holds the message at the acknowledged position, under the acknowledged hash
      And MES has posted it once, under one answer

    @refuses
    Scenario: What is not taken over is not acknowledged
      When the MES counterpart sends a pick request with version 2 of the bill
      Then it is refused with BOM_NOT_APPROVED at data.bomVersion
      And the answer is no acknowledgement
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer
