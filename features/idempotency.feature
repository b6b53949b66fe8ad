Feature: Idempotency
  However often a message is sent, what it tells of happens once.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials

  @URS-IDM-001 @risk-high @OQ @mes @wms @blackbox
  Rule: Every state-changing message carries a unique key
    Every state-changing message shall carry a unique key; a message without one is refused with
    400 and not posted.
    Clauses: EU GMP Annex 11 §5

    @accepts
    Scenario Outline: A message with its key is posted: <message>
      When a counterpart sends <message>
      Then it is acknowledged
      And it is posted

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

    @refuses
    Scenario Outline: A message without a key is not posted: <message>
      When a counterpart sends <message> without a key
      Then it is refused with KEY_MISSING at header:idempotency-key
      And the status of the answer is 400
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

    @refuses
    Scenario Outline: A command without a key is not done: <command>
      When a person commands <command> without a key
      Then it is refused with KEY_MISSING at header:idempotency-key
      And the status of the answer is 400
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

      Examples:
        | command                |
        | the start of an order  |
        | a request for material |
        | a decision about a lot |
        | a scanned pick         |

  @URS-IDM-002 @risk-high @OQ @mes @wms @blackbox
  Rule: The same key with the same payload is posted once
    The same key with the same payload shall give the stored first response and exactly one posting,
    1,000 repeats from 20 concurrent senders.
    Clauses: EU GMP Annex 11 §5; 21 CFR 11.10(a)

    @accepts
    Scenario Outline: Repeats of a message get the first answer and one posting: <message>
      When a counterpart sends <message>
      And 20 senders repeat it <times> times in all
      Then it is acknowledged
      And every repeat got the bytes of the first answer, marked as replayed
      And nothing is posted a second time

      Examples:
        | message             | times |
        | a pick request      | 1000  |
        | a lot status change | 100   |
        | a pick confirmation | 100   |

    @accepts
    Scenario Outline: Repeats of a command get the first answer and one posting: <command>
      Given a person has commanded <command>
      When it is repeated 10 times under its key
      Then every repeat got the bytes of the first answer, marked as replayed
      And nothing is posted a second time

      Examples:
        | command                |
        | the start of an order  |
        | a request for material |
        | a decision about a lot |
        | a scanned pick         |

    @accepts
    Scenario: A repeat gets the first answer a year later
      When a counterpart sends a pick confirmation
      And it is 2027-03-30 09:00 at the site
      And 1 senders repeat it 1 times in all
      Then it is acknowledged
      And every repeat got the bytes of the first answer, marked as replayed
      And nothing is posted a second time

    @refuses
    Scenario: Repeats of a refused message get the stored refusal, and nothing is posted
      When the MES counterpart sends a pick request with version 2 of the bill
      And 20 senders repeat it 40 times in all
      Then it is refused with BOM_NOT_APPROVED at data.bomVersion
      And every repeat got the bytes of the first answer, marked as replayed
      And nothing has changed but the record of this and its refusal

  @URS-IDM-003 @risk-high @OQ @mes @wms @blackbox
  Rule: The same key with another payload is refused
    The same key with another payload shall be refused (422), journalled and alarmed.
    Clauses: 21 CFR 11.10(a)

    @accepts
    Scenario: Two messages with keys of their own are both posted
      When the MES counterpart sends a pick request for 4.000 kg
      And the MES counterpart sends another pick request for 6.000 kg
      Then both are acknowledged
      And the warehouse has set aside 10.000 kg of lot A for the order

    @refuses
    Scenario Outline: A key that was used for other content is refused and alarmed: <message>
      Given a counterpart has sent <message>
      When the counterpart sends it with other content under the same key
      Then it is refused with IDEMPOTENCY_CONFLICT at header:idempotency-key
      And the status of the answer is 422
      And nothing has changed but the record of this and its refusal
      And its receiver has raised the alarm IDEMPOTENCY_CONFLICT about it
      And a repeat is refused again in the same words

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

    @refuses
    Scenario Outline: A key that was used for another command is refused and alarmed: <command>
      Given a person has commanded <command>
      When the person commands something else under the same key
      Then it is refused with IDEMPOTENCY_CONFLICT at header:idempotency-key
      And the status of the answer is 422
      And nothing has changed but the record of this and its refusal
      And its receiver has raised the alarm IDEMPOTENCY_CONFLICT about it
      And a repeat is refused again in the same words

      Examples:
        | command                |
        | the start of an order  |
        | a request for material |
        | a decision about a lot |
        | a scanned pick         |

  @URS-IDM-008 @risk-high @OQ @mes @wms @blackbox
  Rule: One business event is posted once, whatever key carries it
    The same business event (weighing, scan, count id) under another key shall not post twice; with
    other content it is a conflict.
    Clauses: 21 CFR 11.10(a)

    @accepts
    Scenario Outline: An event under another key gets the first answer and no posting: <message>
      Given a counterpart has sent <message>
      When the counterpart sends the same event under another key
      Then it gets the answer of the first, marked as replayed
      And nothing is posted a second time

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

    @accepts
    Scenario Outline: A command under another key gets the first answer and no posting: <command>
      Given a person has commanded <command>
      When the person commands the same under another key
      Then it gets the answer of the first, marked as replayed
      And nothing is posted a second time

      Examples:
        | command                |
        | the start of an order  |
        | a request for material |
        | a decision about a lot |
        | a scanned pick         |

    @refuses
    Scenario Outline: An event with other content is a conflict: <message>
      Given a counterpart has sent <message>
      When the counterpart sends the same event with other content under another key
      Then it is refused with BUSINESS_KEY_CONFLICT at data
      And nothing has changed but the record of this and its refusal
      And its receiver has raised the alarm BUSINESS_KEY_CONFLICT about it
      And a repeat is refused again in the same words

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

    @refuses
    Scenario Outline: A command with other content is a conflict: <command>
      Given a person has commanded <command>
      When the person commands the same with other content under another key
      Then it is refused with BUSINESS_KEY_CONFLICT at data
      And nothing has changed but the record of this and its refusal
      And its receiver has raised the alarm BUSINESS_KEY_CONFLICT about it
      And a repeat is refused again in the same words

      Examples:
        | command                |
        | a request for material |
        | a decision about a lot |
        | a scanned pick         |
