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
    Scenario: A message with its key is posted
      When the MES counterpart sends a pick request for 10.000 kg
      Then it is acknowledged
      And the warehouse has set aside 10.000 kg of lot A for the request, and nothing else

    @refuses
    Scenario: A message without a key is not posted
      When the MES counterpart sends a pick request for 10.000 kg without a key
      Then it is refused with KEY_MISSING at header:idempotency-key
      And the status of the answer is 400
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A command without a key is not done
      When production requests 10.000 kg for the order without a key
      Then it is refused with KEY_MISSING at header:idempotency-key
      And the status of the answer is 400
      And nothing has changed but the record of this and its refusal

  @URS-IDM-002 @risk-high @OQ @mes @wms @blackbox
  Rule: The same key with the same payload is posted once
    The same key with the same payload shall give the stored first response and exactly one posting,
    1,000 repeats from 20 concurrent senders.
    Clauses: EU GMP Annex 11 §5; 21 CFR 11.10(a)

    @accepts
    Scenario: A thousand repeats get the first answer and one posting
      When the MES counterpart sends a pick request for 10.000 kg
      And 20 senders repeat it 1000 times in all
      Then it is acknowledged
      And every repeat got the bytes of the first answer, marked as replayed
      And the warehouse has set aside 10.000 kg of lot A for the request, and nothing else

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
    Scenario: A key that was used for other content is refused and alarmed
      Given the MES counterpart has sent a pick request for 4.000 kg
      When the MES counterpart sends other content under the same key
      Then it is refused with IDEMPOTENCY_CONFLICT at header:idempotency-key
      And the status of the answer is 422
      And nothing has changed but the record of this and its refusal
      And the warehouse has raised the alarm IDEMPOTENCY_CONFLICT about it

  @URS-IDM-008 @risk-high @OQ @mes @wms @blackbox
  Rule: One business event is posted once, whatever key carries it
    The same business event (weighing, scan, count id) under another key shall not post twice; with
    other content it is a conflict.
    Clauses: 21 CFR 11.10(a)

    @accepts
    Scenario: The same event under another key gets the first answer and is not posted again
      Given the MES counterpart has sent a pick request for 10.000 kg
      When the MES counterpart sends the same pick request under another key
      Then it gets the answer of the first, marked as replayed
      And the warehouse has set aside 10.000 kg of lot A for the request, and nothing else

    @refuses
    Scenario: The same event with other content is a conflict
      Given the MES counterpart has sent a pick request for 4.000 kg
      When the MES counterpart sends the same pick request for 5.000 kg under another key
      Then it is refused with BUSINESS_KEY_CONFLICT at data
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

    @refuses
    Scenario: One scan cannot confirm two picks
      Given production has requested 10.000 kg for the order
      And the picker has brought 4.000 kg of lot A in a container of its own
      When the same scan is confirmed for 5.000 kg under another key
      Then it is refused with BUSINESS_KEY_CONFLICT at data
      And nothing has changed but the record of this and its refusal
