Feature: Events
  What happens to material is told as EPCIS events, which partners and authorities can read: of every
  transaction exactly its own, in local time, and when one was wrong it is said so and never hidden.

  Background:
    Given it is 2026-03-30 09:00 at the site

  @URS-EPC-001 @risk-medium @OQ @mes @wms @blackbox
  Rule: Events are valid EPCIS 2.0, each with an id of its own, and corrected by a declaration
    Each shipping, receiving, packing, unpacking, commissioning and decommissioning event shall
    validate against the EPCIS 2.0 schema and CBV; event ids unique; corrections by
    errorDeclaration, not deletion.
    Clauses: FD&C Act §582

    @accepts
    Scenario: What is commissioned, packed and shipped is told in valid events with ids of their own
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And quality has released lot P
      And the events of both systems are watched from here on
      And case 1 with 2 units of lot P
      And case 2 with 3 units of lot P
      And cases 1 and 2 stand on a pallet
      When the shipper ships the pallet to a customer who wants 30 days of shelf life
      Then after delivery the events of both systems have no fault by the rules of EPCIS and CBV
      And each has an id of its own, which is the hash of what it says
      And each system finds the pallet in 2 events, and the first serial of case 1 in 2

    @accepts
    Scenario: A document of the partner is taken over once, and found by what it names
      When the partner has a document with 2 events captured by MES
      Then 2 of its events are new and 0 were known
      And MES finds them by object, class, step, disposition, action, type and business transaction
      And page by page it finds the same
      When the partner has the same document captured again
      Then 0 of its events are new and 2 were known

    @accepts
    Scenario Outline: A wrong event is declared an error, and stays: <correction>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the events of both systems are watched from here on
      And the counter has counted 24.900 kg of lot A
      When the supervisor corrects the event of the count with <correction>
      Then the command is done
      And the event stands as it was, and once more declared as <reason>
      And <corrective> is told in its place

      Examples:
        | correction              | reason         | corrective                |
        | 24.800 kg               | incorrect_data | an event of 24.800 kg     |
        | the time 08:55          | incorrect_data | an event of 08:55         |
        | the place staging       | incorrect_data | an event at staging       |
        | nothing that was right  | did_not_occur  | nothing                   |

    @accepts
    Scenario: The partner declares an event of its own an error and tells the right one
      Given the partner has a document with 2 events captured by MES
      When the partner has its first event captured as an error with a corrective event
      Then 2 of its events are new and 0 were known
      And the event stands as it was, and once more declared as incorrect_data

    @refuses
    Scenario Outline: Of a document with a fault nothing is taken over: <fault>
      When the partner has a document captured whose second event has <fault>
      Then it is refused with <code> at <path>
      And of the document only the record of it and its refusal was kept

      Examples:
        | fault                               | code                 | path                                          |
        | no offset                           | EVENT_MALFORMED      | epcisBody.eventList[1].eventTimeZoneOffset    |
        | a time without an offset            | EVENT_MALFORMED      | epcisBody.eventList[1].eventTime              |
        | a misspelled step                   | EVENT_MALFORMED      | epcisBody.eventList[1].bizStep                |
        | a quantity in words                 | EVENT_MALFORMED      | epcisBody.eventList[1].quantityList[0].quantity |
        | a wrong check digit                 | EVENT_KEY_WRONG      | epcisBody.eventList[1].epcList[0]             |
        | a class among its objects           | EVENT_KEY_WRONG      | epcisBody.eventList[1].epcList[0]             |
        | the unit KG                         | EVENT_QUANTITY_WRONG | epcisBody.eventList[1].quantityList[0].uom    |
        | a negative quantity                 | EVENT_QUANTITY_WRONG | epcisBody.eventList[1].quantityList[0].quantity |
        | commissioning observed              | EVENT_CONTRADICTORY  | epcisBody.eventList[1].action                 |
        | a destroyed thing received          | EVENT_CONTRADICTORY  | epcisBody.eventList[1].disposition            |
        | the hash of another event as its id | EVENT_ID_CONFLICT    | epcisBody.eventList[1].eventID                |
        | the id of the first event           | EVENT_ID_CONFLICT    | epcisBody.eventList[1].eventID                |
        | an error declared of nobody's event | UNKNOWN_EVENT        | epcisBody.eventList[1].eventID                |

    @refuses
    Scenario: Another event under an id that is known is refused
      Given the partner has a document captured with an event under an id of its own choice
      When the partner has another event captured under the same id
      Then it is refused with EVENT_ID_CONFLICT at epcisBody.eventList[0].eventID
      And of the document only the record of it and its refusal was kept

    @refuses
    Scenario Outline: A correction that corrects nothing is refused: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the counter has counted 24.900 kg of lot A
      And the sampler has taken 0.050 kg of lot A
      And quality has blocked lot A
      When the supervisor corrects <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                             | code               | path     |
        | an event that nobody knows                       | UNKNOWN_EVENT      | eventId  |
        | an event that MES told                           | EVENT_NOT_OWN      | eventId  |
        | the event of the count that was corrected before | EVENT_DECLARED     | eventId  |
        | an event without an amount to 24.800 kg          | NOTHING_TO_CORRECT | quantity |
        | the event of the count for the reason "w r o"    | REASON_TOO_SHORT   | reason   |

  @URS-EPC-002 @risk-medium @OQ @mes @wms @blackbox
  Rule: Every event has its local time, and was recorded when it had happened
    Event time, record time and zone offset shall be present and record time ≥ event time − drift
    limit.
    Clauses: none that is in force
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §12.2

    @accepts
    Scenario: Time, offset and record time stand in every event of both systems
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the events of both systems are watched from here on
      And the counter has counted 24.900 kg of lot A
      And the sampler has taken 0.050 kg of lot A
      When both systems have delivered what was due
      Then each event shows 09:00 with the offset +02:00, and was recorded then
      And each is found by its time of event and of record, and not a moment before or after

    @accepts
    Scenario: A record time that the sender wrote counts for nothing
      When the partner has a document captured whose second event has a record time of 2020
      Then 2 of its events are new and 0 were known
      And MES shows both as recorded now

    @accepts
    Scenario: A fact from beyond the limit is posted, and somebody is told
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the WMS counterpart sends a count that happens 301 seconds ahead
      Then it is acknowledged
      And MES has raised the alarm EVENT_IN_FUTURE about the count

    @accepts
    Scenario: Up to the limit an event may be ahead
      When the partner has a document captured whose second event has a time 300 seconds ahead
      Then 2 of its events are new and 0 were known

    @refuses
    Scenario: Beyond the limit a captured event is refused
      When the partner has a document captured whose second event has a time 301 seconds ahead
      Then it is refused with EVENT_IN_FUTURE at epcisBody.eventList[1].eventTime
      And of the document only the record of it and its refusal was kept

  @URS-EPC-003 @risk-high @OQ @mes @wms @blackbox
  Rule: Every posted transaction gives exactly its events, once
    Every posted transaction of the mapping (stage, consume, status, count and return included)
    shall give exactly its mapped events, once; a missing or doubled event is a finding.
    Clauses: 21 CFR 11.10(a); FD&C Act §582

    @accepts
    Scenario: Receipt, put-away and release
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      And the events of both systems are watched from here on
      And the receiver has received container C1 with 25.000 kg
      And container C1 was put away and its lot released
      When both systems have delivered what was due
      Then after delivery both systems hold the events of every transaction, each once
        | message            | event            | action  | step       | disposition        |
        | receipt-confirmed  | ObjectEvent      | OBSERVE | receiving  | in_progress        |
        | receipt-confirmed  | AggregationEvent | OBSERVE | receiving  | in_progress        |
        | receipt-confirmed  | ObjectEvent      | OBSERVE | holding    | non_sellable_other |
        | putaway-completed  | ObjectEvent      | OBSERVE | storing    | in_progress        |
        | lot-status-changed | ObjectEvent      | OBSERVE | inspecting | conformant         |

    @accepts
    Scenario: Stage
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      And the events of both systems are watched from here on
      When the picker scans the container of lot A and brings 4.000 kg in a container of its own
      Then after delivery both systems hold the events of every transaction, each once
        | message        | event            | action  | step          | disposition |
        | pick-confirmed | ObjectEvent      | ADD     | commissioning | active      |
        | pick-confirmed | AggregationEvent | ADD     | packing       | in_progress |
        | pick-confirmed | ObjectEvent      | OBSERVE | picking       | in_progress |
        | pick-confirmed | ObjectEvent      | OBSERVE | storing       | in_progress |

    @accepts
    Scenario: Consume and return
      Given a scale whose calibration ends on 2026-12-31
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the events of both systems are watched from here on
      And the dispenser has weighed 10.000 kg of lot A
      When production returns 2.500 kg of the dispensed container in a container of its own
      Then after delivery both systems hold the events of every transaction, each once
        | message           | event               | action  | step          | disposition        |
        | material-issued   | ObjectEvent         | ADD     | commissioning | active             |
        | material-issued   | AggregationEvent    | ADD     | packing       | in_progress        |
        | material-issued   | TransformationEvent | -       | commissioning | in_progress        |
        | material-returned | ObjectEvent         | ADD     | commissioning | active             |
        | material-returned | AggregationEvent    | ADD     | packing       | in_progress        |
        | material-returned | ObjectEvent         | OBSERVE | storing       | returned           |
        | material-returned | ObjectEvent         | OBSERVE | holding       | non_sellable_other |

    @accepts
    Scenario: Count, adjustment, sample and hold
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the events of both systems are watched from here on
      And the sampler has taken 0.050 kg of lot A
      And quality has blocked lot A
      And the counter has counted 24.900 kg of lot A
      And the second counter has recounted 24.900 kg of lot A
      When the supervisor approves the adjustment with the reason "bag torn at the rack"
      Then after delivery both systems hold the events of every transaction, each once
        | message            | event            | action  | step           | disposition       |
        | sample-taken       | ObjectEvent      | OBSERVE | sampling       | in_progress       |
        | sample-taken       | ObjectEvent      | ADD     | commissioning  | active            |
        | sample-taken       | AggregationEvent | ADD     | packing        | in_progress       |
        | lot-status-changed | ObjectEvent      | OBSERVE | holding        | unavailable       |
        | count-completed    | ObjectEvent      | OBSERVE | cycle_counting | mismatch_quantity |
        | inventory-adjusted | ObjectEvent      | OBSERVE | stock_taking   | mismatch_quantity |

    @accepts
    Scenario: Pack, palletize and ship
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And quality has released lot P
      And the events of both systems are watched from here on
      And case 1 with 2 units of lot P
      And case 2 with 3 units of lot P
      And cases 1 and 2 stand on a pallet
      When the shipper ships the pallet to a customer who wants 30 days of shelf life
      Then after delivery both systems hold the events of every transaction, each once
        | message            | event               | action  | step                    | disposition |
        | pack-completed     | TransformationEvent | -       | creating_class_instance | in_progress |
        | pack-completed     | ObjectEvent         | ADD     | commissioning           | active      |
        | pack-completed     | ObjectEvent         | ADD     | commissioning           | active      |
        | pack-completed     | AggregationEvent    | ADD     | packing                 | in_progress |
        | unit-aggregated    | AggregationEvent    | ADD     | packing                 | in_progress |
        | shipment-confirmed | ObjectEvent         | OBSERVE | shipping                | in_transit  |

    @accepts
    Scenario: Brought on in process, scrapped, and put on hold by the warehouse
      Given a scale whose calibration ends on 2026-12-31
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And a blending room and a cold room of production
      And the dispenser has weighed 10.000 kg of lot A
      And the events of both systems are watched from here on
      And production has brought the dispensed container to the blending room
      When the supervisor scraps 1.000 kg of lot A alone
      And the supervisor puts lot A on hold as BLOCKED
      Then after delivery both systems hold the events of every transaction, each once
        | message               | event       | action  | step       | disposition |
        | wip-transferred       | ObjectEvent | OBSERVE | departing  | in_transit  |
        | wip-transferred       | ObjectEvent | OBSERVE | arriving   | in_progress |
        | material-scrapped     | ObjectEvent | DELETE  | destroying | destroyed   |
        | warehouse-hold-placed | ObjectEvent | OBSERVE | holding    | unavailable |

    @accepts
    Scenario: Broken, put together again, shipped and sent back
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And quality has released lot P
      And a rework bench and loose totes
      And case 1 with 3 units of lot P
      And the events of both systems are watched from here on
      And the packer has taken unit 1 out of case 1 into tote 1 for REWORK
      And the shipper has put unit 1 of case 1 back from tote 1 into case 1
      And the shipper has shipped case 1
      When the receiver takes back case 1 with its first 3 units
      Then after delivery both systems hold the events of every transaction, each once
        | message            | event            | action  | step      | disposition        |
        | unit-disaggregated | AggregationEvent | DELETE  | unpacking | in_progress        |
        | unit-disaggregated | AggregationEvent | ADD     | packing   | in_progress        |
        | unit-aggregated    | AggregationEvent | DELETE  | unpacking | in_progress        |
        | unit-aggregated    | AggregationEvent | ADD     | packing   | in_progress        |
        | return-received    | ObjectEvent      | OBSERVE | receiving | returned           |
        | return-received    | AggregationEvent | OBSERVE | receiving | returned           |
        | return-received    | ObjectEvent      | OBSERVE | holding   | non_sellable_other |

    @accepts
    Scenario: A kit, packed and opened
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And a rework bench and loose totes
      And case 1 with 1 units of lot P
      And case 3 with 2 syringes of lot S, and an order for kits of lot K
      And the events of both systems are watched from here on
      And kit 1 was put together of unit 1 of case 1 and unit 1 of case 3, and packed into case 4
      And the packer has taken unit 1 out of case 4 into tote 1 for RETURN
      When the shipper opens kit 1 and puts its components into tote 2 and tote 3
      Then after delivery both systems hold the events of every transaction, each once
        | message       | event            | action | step            | disposition |
        | kit-assembled | AggregationEvent | DELETE | unpacking       | in_progress |
        | kit-assembled | AggregationEvent | DELETE | unpacking       | in_progress |
        | kit-assembled | AggregationEvent | ADD    | assembling      | in_progress |
        | kit-opened    | AggregationEvent | DELETE | unpacking       | in_progress |
        | kit-opened    | AggregationEvent | DELETE | disassembling   | in_progress |
        | kit-opened    | ObjectEvent      | DELETE | decommissioning | inactive    |
        | kit-opened    | AggregationEvent | ADD    | packing         | in_progress |
        | kit-opened    | AggregationEvent | ADD    | packing         | in_progress |

    @accepts
    Scenario: A message that is sent again and again tells its events once
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the events of both systems are watched from here on
      When a counterpart sends a pick confirmation
      And 3 senders repeat it 6 times in all
      Then MES holds the events of every transaction, each once
        | message        | event            | action  | step          | disposition |
        | pick-confirmed | ObjectEvent      | ADD     | commissioning | active      |
        | pick-confirmed | AggregationEvent | ADD     | packing       | in_progress |
        | pick-confirmed | ObjectEvent      | OBSERVE | picking       | in_progress |
        | pick-confirmed | ObjectEvent      | OBSERVE | storing       | in_progress |

    @refuses
    Scenario: A message that is refused tells of nothing
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the WMS counterpart has sent an adjustment of lot A
      And the events of both systems are watched from here on
      When the WMS counterpart sends another adjustment of lot A with the same investigation
      Then it is refused with ALREADY_EXISTS at data.investigationId
      And nothing has changed but the record of this and its refusal
      And neither system holds a new event

    @control
    Scenario: Events that are not those of the transactions are found
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the events of both systems are watched from here on
      And the counter has counted 24.900 kg of lot A
      And the sampler has taken 0.050 kg of lot A
      When a copy of the events of WMS is damaged in every one of these ways
        | damage                     |
        | an event missing           |
        | an event doubled           |
        | an event under another id  |
        | another step               |
        | another offset             |
        | another amount             |
        | an event of no transaction |
      Then each damaged copy is found, and the whole one has no fault
