Feature: Counts and adjustments
  What stands in the rack is counted, and where the book is wrong it follows only after four eyes
  have looked: one counts, another recounts, a third approves and says why.

  Background:
    Given it is 2026-03-30 09:00 at the site

  @URS-ADJ-001 @risk-high @OQ @mes @wms @blackbox
  Rule: The book follows a recount, approved by somebody who has not counted
    A count or adjustment shall need a reason and an approver other than the counter; the approver
    sees the recount.
    Clauses: 21 CFR 11.10(g); 21 CFR 211.184(c)

    @accepts
    Scenario: A difference that two persons found is adjusted by a third
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the counter has counted 24.900 kg of lot A
      And the second counter has recounted 24.900 kg of lot A
      When the supervisor approves the adjustment with the reason "bag torn at the rack"
      Then the command is done
      And after delivery both systems show 24.900 kg in the container of lot A
      And both systems show one adjustment of -0.100 kg by three different persons
      And the MES audit trail names the supervisor at the origin of the new quantity

    @accepts
    Scenario: The approver sees the first count and the recount
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the counter has counted 24.800 kg of lot A
      And the second counter has recounted 24.900 kg of lot A
      When the supervisor looks at the differences that wait for approval
      Then one shows 25.000 kg in the book, 24.800 kg by the counter and 24.900 kg by the second counter

    @accepts
    Scenario Outline: A count is told to MES and changes no stock: <found>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the counter counts <found> kg of lot A
      Then the command is done
      And after delivery both systems show a count of <found> kg, <difference> kg from the book
      And both systems show 25.000 kg in the container of lot A

      Examples:
        | found  | difference |
        | 25.000 | 0.000      |
        | 24.999 | -0.001     |
        | 25.500 | 0.500      |
        | 0.000  | -25.000    |

    @accepts
    Scenario: What is set aside follows the book
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-10-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 24.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 24.000 kg for the order
      And the counter has counted 0.000 kg of lot A
      And the second counter has recounted 0.000 kg of lot A
      When the supervisor approves the adjustment with the reason "drum was empty"
      Then the command is done
      And the warehouse has set aside 24.000 kg of lot B for the request, and nothing else

    @accepts
    Scenario: A message that shows one person behind count and approval is posted and alarmed
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the WMS counterpart sends an adjustment to 24.000 kg of lot A, counted and approved by one person
      Then it is acknowledged
      And MES has raised the alarm COUNTER_MAY_NOT_APPROVE about the adjustment

    @refuses
    Scenario Outline: Without its four eyes nothing is adjusted: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And <counter> has counted 24.900 kg of lot A
      And <recounter> has recounted <found> kg of lot A
      And <what> happens before the approval
      When <approver> approves the adjustment with the reason "<reason>"
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                  | counter               | recounter          | found  | approver       | reason     | code                    | path             |
        | nothing               | the counter           | nobody             | 24.900 | the supervisor | bag torn   | RECOUNT_MISSING         | countId          |
        | nothing               | the supervisor        | the second counter | 24.900 | the supervisor | bag torn   | COUNTER_MAY_NOT_APPROVE | signature.userId |
        | nothing               | the counter           | the supervisor     | 24.900 | the supervisor | bag torn   | COUNTER_MAY_NOT_APPROVE | signature.userId |
        | nothing               | the counter           | the second counter | 25.000 | the supervisor | bag torn   | NO_DIFFERENCE           | countId          |
        | nothing               | the counter           | the second counter | 24.900 | the supervisor | l e  a  k  | REASON_TOO_SHORT        | reason           |
        | a sample of 0.050 kg  | the counter           | the second counter | 24.900 | the supervisor | bag torn   | STOCK_MOVED             | countId          |
        | the same adjustment   | the counter           | the second counter | 24.900 | the supervisor | bag torn   | COUNT_SETTLED           | countId          |

    @refuses
    Scenario Outline: A signature that is not the approver's own is refused: <signature>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the counter has counted 24.900 kg of lot A
      And the second counter has recounted 24.900 kg of lot A
      When the supervisor approves the adjustment with <signature>
      Then it is refused with SIGNATURE_REFUSED at signature
      And nothing has changed but the record of this and its refusal

      Examples:
        | signature                             |
        | a wrong password                      |
        | the signature of the second supervisor |

    @refuses
    Scenario: A person does not recount what the same person has counted
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the counter has counted 24.900 kg of lot A
      When the counter recounts 24.900 kg of lot A
      Then it is refused with RECOUNT_BY_COUNTER at recountOf
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: A count that cannot be of this container here is refused: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the counter counts with <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | what                                    | code                | path         |
        | a container nobody knows                | UNKNOWN_CONTAINER   | scan         |
        | an EAN-13 of a retail pack              | SCAN_UNREADABLE     | scan         |
        | the amount in grams                     | UNIT_NOT_BASE_UNIT  | counted.unit |
        | another place than the book's           | CONTAINER_ELSEWHERE | locationId   |
        | a recount of a count that nobody made   | UNKNOWN_COUNT       | recountOf    |

  @URS-ADJ-002 @risk-medium @OQ @mes @wms @blackbox
  Rule: Every adjustment is investigated, and a large one is a deviation
    Every adjustment shall have an investigation record with cause; one above the site's threshold
    shall open a deviation that names the affected lots and batches.
    Clauses: 21 CFR 211.192

    @accepts
    Scenario Outline: A difference up to the threshold is investigated and opens no deviation: <found> of <book>
      Given the site opens a deviation above 0.5 percent of the book or 1.000 in the base unit
      And lot A of lactose, <book> kg, released, expiring on 2026-12-31
      And the counter has counted <found> kg of lot A
      And the second counter has recounted <found> kg of lot A
      When the supervisor approves the adjustment with the reason "dust in the filter"
      Then after delivery both systems show its investigation with cause SPILLAGE
      And both systems show no deviation for it

      Examples: exactly half a percent, exactly one kilogram, and more than the book
        | book    | found   |
        | 25.000  | 24.875  |
        | 400.000 | 399.000 |
        | 25.000  | 25.125  |

    @accepts
    Scenario Outline: A difference above the threshold opens a deviation: <found> of <book>
      Given the site opens a deviation above 0.5 percent of the book or 1.000 in the base unit
      And lot A of lactose, <book> kg, released, expiring on 2026-12-31
      And the counter has counted <found> kg of lot A
      And the second counter has recounted <found> kg of lot A
      When the supervisor approves the adjustment with the reason "bag torn at the rack"
      Then after delivery both systems show its investigation with cause SPILLAGE
      And both systems show an open deviation that names lot A and no order

      Examples: one gram beyond each limit
        | book    | found   |
        | 25.000  | 24.874  |
        | 400.000 | 398.999 |
        | 25.000  | 25.126  |

    @accepts
    Scenario: The deviation names the batch that used the lot
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      And the picker has brought 10.000 kg of lot A in a container of its own
      And the counter has counted 14.000 kg of lot A
      And the second counter has recounted 14.000 kg of lot A
      When the supervisor approves the adjustment with the reason "bag torn at the rack"
      Then after delivery both systems show its investigation with cause SPILLAGE
      And both systems show an open deviation that names lot A and the order

    @refuses
    Scenario Outline: A message about an adjustment without its investigation is refused: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the WMS counterpart sends an adjustment of lot A with <what>
      Then it is refused with SCHEMA_VIOLATION at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | what                        | path                 |
        | no investigation number     | data.investigationId |
        | no cause                    | data.cause           |
        | a cause that nobody defined | data.cause           |
        | no affected lot             | data.affectedLots    |

    @refuses
    Scenario: The investigation of one adjustment does not serve another
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the WMS counterpart has sent an adjustment of lot A
      When the WMS counterpart sends another adjustment of lot A with the same investigation
      Then it is refused with ALREADY_EXISTS at data.investigationId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer
