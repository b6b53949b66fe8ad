Feature: Recovery
  Whatever moment a system dies at, what it was doing is done once or not at all.

  Background:
    Given both systems run on machines that can be killed
    And it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials

  @URS-IDM-005 @risk-high @PQ @mes @wms @whitebox
  Rule: What is remembered against duplicates is committed with what is posted
    Dedupe record, posting and stored response shall commit in one transaction; with SIGKILL
    injected at each named crash point (≥ 100 kills) lost = 0 and duplicated = 0.
    Clauses: 21 CFR 11.10(a); 21 CFR 11.10(c)
    Outside: the number of kills, of which a run tries one at each point of an exchange; the long campaign of this release kills 1,000 times

    @accepts
    Scenario Outline: A message whose receiver was killed is posted once: <point>
      When a counterpart sends a pick confirmation, and MES is killed at <point>
      Then the sender has no answer
      And MES, up again, has posted it <times>
      When the counterpart sends it again
      Then it is acknowledged
      And MES has posted it once, under one answer

      Examples:
        | point                | times     |
        | inbox.before-posting | not yet   |
        | inbox.before-record  | not yet   |
        | inbox.after-record   | not yet   |
        | inbox.before-commit  | not yet   |
        | inbox.after-commit   | once      |
        | reply.before-sending | once      |

    @refuses
    Scenario: What was committed before the end is remembered against other content
      When a counterpart sends a pick confirmation, and MES is killed at inbox.after-commit
      And the counterpart sends it with other content under the same key
      Then it is refused with IDEMPOTENCY_CONFLICT at header:idempotency-key
      And MES has posted it once, under one answer

  @URS-REL-002 @risk-high @PQ @mes @wms @whitebox
  Rule: A change and its message are committed together
    Outbox row and business change shall commit in one transaction: 0 messages without change, 0
    changes without message in 400 crash-injected trials.
    Clauses: 21 CFR 11.10(a)
    Outside: the number of 400 trials, of which a run makes one at each point; the long campaign of this release makes 1,000

    @accepts
    Scenario Outline: A pick at which the warehouse was killed is done with its message: <point>
      Given production has requested 10.000 kg for the order
      When the picker brings 4.000 kg of lot A, and WMS is killed at <point>
      Then the warehouse, up again, has <change>
      When the picker confirms the same again under the same key
      Then the command is done
      And after delivery both systems show 4.000 kg of lot A in staging

      Examples:
        | point                 | change                          |
        | outbox.before-put     | neither the change nor a message |
        | outbox.after-put      | neither the change nor a message |
        | command.before-commit | neither the change nor a message |
        | command.after-commit  | the change and its message       |

    @refuses
    Scenario: What is refused after a crash leaves neither
      Given production has requested 10.000 kg for the order
      When the picker brings 26.000 kg of lot A, and WMS is killed at command.before-commit
      And the picker confirms the same again under the same key
      Then it is refused with QUANTITY_ABOVE_TOLERANCE at quantity
      And the warehouse, up again, has neither the change nor a message
