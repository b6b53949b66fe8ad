Feature: What comes in
  A message counts only when it is known who sent it, when it is whole, and when each of its members
  is what the contract says. Everything else is refused before it can do anything.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials

  @URS-INP-001 @risk-high @OQ @mes @wms @blackbox
  Rule: Each field is checked
    Each field shall be checked for type, length, character set, range and code list; 10,000
    generated invalid messages: 0 posted, 0 crashes, all answers 4xx with field path.
    Clauses: EU GMP Annex 11 §5; EU GMP Annex 11 §6
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §10.1
    Outside: the number of 10,000, of which a run sends some hundreds: every member broken in every way, beside the contract checks

    @accepts
    Scenario Outline: A message with every member in order is taken: <message>
      When a counterpart sends <message>
      Then it is acknowledged
      And it is posted

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

    @refuses
    Scenario Outline: A message with one broken member is refused, whichever it is: <message>
      When a counterpart sends <message> many times, each time with one member broken in one way
      Then every member was broken, and most of them in many ways
      And each is refused with its own path, for its form
      And nothing has changed but the record of these and their refusals

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

  @URS-INP-002 @risk-high @OQ @mes @wms @blackbox
  Rule: A message counts only under a valid signature
    A message with invalid signature, wrong digest, age > 5 min, reused nonce, or without the
    required covered components shall be refused (replay accepted 0 of 10,000).
    Clauses: 21 CFR 11.30; 21 CFR 11.10(h)
    Outside: the number of 10,000 replays, of which a run tries some hundreds

    @accepts
    Scenario Outline: A message under a valid signature is taken: <signature>
      When the MES counterpart sends a pick request signed <signature>
      Then it is acknowledged
      And it is posted

      Examples:
        | signature               |
        | as the contract says    |
        | 290 seconds ago         |
        | 290 seconds ahead       |

    @refuses
    Scenario Outline: A message under any other signature is refused: <signature>
      When the MES counterpart sends a pick request signed <signature>
      Then it is refused with UNAUTHENTICATED at header:signature
      And the status of the answer is 401
      And nothing has changed but the record of this and its refusal
      And a repeat is refused with the same code

      Examples:
        | signature                                |
        | not at all                               |
        | with one bit changed                     |
        | by the key of another account            |
        | by a key that nobody knows               |
        | 310 seconds ago                          |
        | 310 seconds ahead                        |
        | without a nonce                          |
        | without a time                           |
        | without a key id                         |
        | with another algorithm                   |
        | without covering the method              |
        | without covering the path                |
        | without covering the content digest      |
        | without covering the content type        |
        | without covering the idempotency key     |
        | for another address                      |
        | twice                                    |
        | over another body                        |
        | over a digest of another body            |
        | over another idempotency key             |

    @refuses
    Scenario Outline: A signed message is taken once and its replays are refused: <message>
      Given a counterpart has sent <message>
      When somebody sends the same signed bytes 200 times again
      Then each is refused with UNAUTHENTICATED at header:signature
      And nothing has changed but the record of these and their refusals

      Examples:
        | message             |
        | a pick request      |
        | a pick confirmation |

  @URS-INP-003 @risk-medium @OQ @mes @wms @blackbox
  Rule: Unknown fields are refused
    Unknown fields shall be refused (or kept and reported, per profile); they shall never be silently
    dropped.
    Clauses: EU GMP Annex 11 §5

    @accepts
    Scenario: A message whose optional member is known is taken
      When the MES counterpart sends a pick request with the item number beside the material
      Then it is acknowledged
      And it is posted

    @refuses
    Scenario Outline: A message with an unknown member is refused: <path>
      When a counterpart sends <message> with the unknown member <path>
      Then it is refused with SCHEMA_VIOLATION at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

      Examples:
        | message             | path                          |
        | a pick request      | colour                        |
        | a pick request      | data.colour                   |
        | a pick request      | data.lines[0].colour          |
        | a pick request      | data.lines[0].quantity.colour |
        | a lot status change | data.colour                   |
        | a pick confirmation | data.colour                   |
        | a pick confirmation | data.quantity.colour          |

    @refuses
    Scenario Outline: A command with an unknown member is refused: <command>
      When a person commands <command> with the unknown member colour
      Then it is refused with SCHEMA_VIOLATION at colour
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

      Examples:
        | command                |
        | the start of an order  |
        | a request for material |
        | a decision about a lot |
        | a scanned pick         |

  @URS-INP-004 @risk-medium @OQ @mes @wms @blackbox
  Rule: What no strict reader takes is refused at once
    Bodies > 1 MiB, nesting > 32, duplicate JSON keys, NaN/Infinity and invalid UTF-8 shall be
    refused in < 100 ms.
    Clauses: EU GMP Annex 11 §12

    @accepts
    Scenario: A message of exactly one mebibyte is taken
      When a counterpart sends a pick request whose body is blanks up to one mebibyte
      Then it is acknowledged
      And it is posted

    @refuses
    Scenario Outline: A body that is no strict JSON is refused: <body>
      When a counterpart sends <message> whose body is <body>
      Then it is refused with UNREADABLE as a whole
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words
      And the refusal comes within 100 ms

      Examples:
        | message             | body                       |
        | a pick request      | nested 33 deep             |
        | a pick request      | with a member twice        |
        | a pick request      | with NaN                   |
        | a pick request      | with Infinity              |
        | a pick request      | with -Infinity             |
        | a pick request      | no UTF-8                   |
        | a pick request      | in UTF-16                  |
        | a pick request      | behind a byte order mark   |
        | a pick request      | cut off in the middle      |
        | a pick request      | empty                      |
        | a pick confirmation | with a member twice        |
        | a pick confirmation | with NaN                   |
        | a pick confirmation | no UTF-8                   |

    @refuses
    Scenario: A body of more than one mebibyte is refused before anything is read of it
      When a counterpart sends a pick request whose body is blanks beyond one mebibyte
      Then it is refused with BODY_TOO_LARGE as a whole
      And the status of the answer is 413
      And nothing has changed, and no record was made of it
      And the refusal comes within 100 ms

  @URS-INP-005 @risk-high @OQ @wms @blackbox
  Rule: A message is taken whole or not at all
    A message with one refused line (1 bad of 40 serials) shall change nothing.
    Clauses: 21 CFR 11.10(a)

    @accepts
    Scenario: A request with forty good lines is taken
      Given an order with 40 lines of 0.100 kg of lactose
      When the MES counterpart sends a pick request for all of its lines
      Then it is acknowledged
      And the warehouse has set aside something for each of the 40 lines

    @refuses
    Scenario Outline: A request with one bad line of forty changes nothing: line <number>
      Given an order with 40 lines of 0.100 kg of lactose
      When the MES counterpart sends a pick request for all of its lines, line <number> for too much
      Then it is refused with QUANTITY_NOT_ON_BOM at data.lines[<index>].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | number | index |
        | 1      | 0     |
        | 23     | 22    |
        | 40     | 39    |

    @refuses
    Scenario: A request whose last line finds no stock changes nothing
      Given an order with 40 lines of 0.700 kg of lactose
      When the MES counterpart sends a pick request for all of its lines
      Then it is refused with NO_ELIGIBLE_STOCK at data.lines[35].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer
