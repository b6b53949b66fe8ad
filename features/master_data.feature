Feature: Master data
  Both systems keep the same masters. Where they differ, what differs is not used until a person has
  aligned it; and nothing that is outside the dictionary is guessed.

  Background:
    Given it is 2026-03-30 09:00 at the site

  @URS-MDM-001 @risk-high @OQ @mes @wms @blackbox
  Rule: Masters are equal on both sides, and a difference blocks what uses it
    Item, location, BOM/recipe and lot/serial-format masters (GTIN, base unit, conversions, shelf
    life, potency basis, density, allergens, hazards, temperature class, quarantine flag) shall be
    equal on both sides by content hash; a difference blocks the transactions that use it and names
    the field.
    Clauses: EU GMP Annex 11 §5; EU GMP Annex 11 §10
    Outside: density, which is a lot's and no item's; a record that nobody has published, which both systems show as UNCOMPARED

    @accepts
    Scenario: A published item that is equal on both sides is used
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And quality has published lactose as it is
      When production requests 10.000 kg for the order
      Then the command is done
      And both systems show lactose as EQUAL with one digest

    @accepts
    Scenario: After the warehouse has taken over the change the item is used again
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And quality has published lactose with another description
      And the supervisor has taken over what was published of lactose
      When production requests 10.000 kg for the order
      Then the command is done
      And both systems show lactose as EQUAL with one digest

    @accepts
    Scenario: After MES has changed its record back the item is used again
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And quality has published lactose with another description
      And quality has published lactose with its first description
      When production requests 10.000 kg for the order
      Then the command is done
      And both systems show lactose as EQUAL with one digest

    @refuses
    Scenario Outline: What differs is not requested, and the field is named: <field>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And quality has published lactose with another <field>
      When production requests 10.000 kg for the order
      Then it is refused with MASTER_DATA_DIFFERS at lines[0].lineId
      And the refusal names the field <field> and no other
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | field       |
        | description |
        | gtin        |

    @refuses
    Scenario: A request that arrives all the same is refused by the warehouse
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And quality has published lactose with another gtin
      When the MES counterpart sends a pick request for 10.000 kg
      Then it is refused with MASTER_DATA_DIFFERS at data.lines[0].materialId
      And the refusal names the field gtin and no other
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario Outline: Whatever differs of an item is found and named: <field>
      Given lactose is kept cold for 730 days, is corrosive, has lupin in it, and may be given in pieces
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the MES counterpart has published lactose <how> <field>
      When the MES counterpart sends a pick request for 10.000 kg
      Then it is refused with MASTER_DATA_DIFFERS at data.lines[0].materialId
      And the refusal names the field <field> and no other
      And nothing has changed but the record of this and its refusal

      Examples:
        | how          | field            |
        | with another | baseUnit         |
        | with another | stockScale       |
        | with another | potencyBasis     |
        | without its  | conversions      |
        | without its  | temperatureClass |
        | without its  | hazardClasses    |
        | without its  | allergens        |
        | without its  | shelfLifeDays    |

    @refuses
    Scenario: What was set aside before is not picked while it differs
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      And quality has published lactose with another gtin
      When the picker scans the container of lot A and brings 25.000 kg
      Then it is refused with MASTER_DATA_DIFFERS at scan
      And nothing has changed but the record of this and its refusal

    @accepts
    Scenario: A place, a bill of materials and a lot format that are equal on both sides are used
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And quality has published the record of each master that the order uses
      When production requests 10.000 kg for the order
      Then the command is done
      And both systems show the record of each of these masters as EQUAL with one digest

    @refuses
    Scenario Outline: What differs is not received: <record>
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      And MES has told the warehouse of <record> with another <field>
      When the receiver scans container C1 with 25.000 kg
      Then it is refused with MASTER_DATA_DIFFERS at scan
      And the refusal names the field <field> and no other
      And nothing has changed but the record of this and its refusal

      Examples:
        | record                    | field            |
        | lactose                   | temperatureClass |
        | the lot format of lactose | siteLotCode      |

    @refuses
    Scenario Outline: What differs is not put away, nor where the place differs: <record>
      Given an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31
      And the receiver has scanned container C1 with 25.000 kg
      And MES has told the warehouse of <record> with another <field>
      When the receiver puts C1 away to RACK-1
      Then it is refused with MASTER_DATA_DIFFERS at <path>
      And the refusal names the field <field> and no other
      And nothing has changed but the record of this and its refusal

      Examples:
        | record           | field         | path       |
        | lactose          | hazardClasses | scan       |
        | the place RACK-1 | quarantine    | toLocation |

    @refuses
    Scenario Outline: What differs is not dispensed: <record>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a scale whose calibration ends on 2026-12-31
      And a started order for at least 9.960 kg, 10.000 kg and at most 10.040 kg of lactose
      And the warehouse has told MES of <record> with another <field>
      When the dispenser weighs 10.000 kg of lot A as the final part
      Then it is refused with MASTER_DATA_DIFFERS at <path>
      And the refusal names the field <field> and no other
      And nothing has changed but the record of this and its refusal

      Examples:
        | record                              | field     | path    |
        | lactose                             | issueMode | scan    |
        | the bill of materials of the order  | line1     | orderId |

    @refuses
    Scenario: What differs is not packed
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And the packer has printed a label for a case of 2 units of lot P
      And a scanner has read the printed label, and MES has compared it
      And the warehouse has told MES of tablets with another allergens
      When the packer closes the case with its 2 units
      Then it is refused with MASTER_DATA_DIFFERS at labelId
      And the refusal names the field allergens and no other
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: What differs is not shipped
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      And quality has released lot P
      And case 1 with 2 units of lot P
      And MES has told the warehouse of tablets with another allergens
      When the shipper ships case 1
      Then it is refused with MASTER_DATA_DIFFERS at ssccs[0]
      And the refusal names the field allergens and no other
      And nothing has changed but the record of this and its refusal

    @control
    Scenario: What the warehouse does not answer could not be compared, and raises an alarm
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And MES does not reach the warehouse
      And quality has published lactose as it is
      When 2 minutes pass at the site
      Then MES has raised the alarm MASTER_DATA_UNCOMPARED about lactose

    @control
    Scenario: What one side does not hold could not be compared, and raises an alarm
      When MES tells the warehouse of a place that it does not hold
      Then it is acknowledged
      And the warehouse has raised the alarm MASTER_DATA_UNCOMPARED about that place

    @refuses
    Scenario: What cannot be read in every member is not taken over
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And MES has told the warehouse of lactose with a temperatureClass that is none
      When the supervisor takes over what was published of lactose
      Then it is refused with MASTER_DATA_UNREADABLE at materialId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A publication whose digest is not that of its content is refused
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the MES counterpart publishes lactose with the digest of something else
      Then it is refused with CONTENT_HASH_DIFFERS at data.contentSha256
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario Outline: What differs is not computed at the end of an order: <record>
      Given starch in backflush, decided by a signed record of low risk
      And lot S of starch, 10.000 kg, released, expiring on 2026-12-31, staged
      And a started order of 1000 pieces with 10.000 kg of starch
      And the warehouse has told MES of <record> with another <field>
      When production completes the order with 1000 good pieces
      Then it is refused with MASTER_DATA_DIFFERS at orderId
      And the refusal names the field <field> and no other
      And nothing has changed but the record of this and its refusal

      Examples:
        | record                             | field         |
        | the bill of materials of the order | line1         |
        | starch                             | hazardClasses |

    @accepts
    Scenario: A shelf life is taken over, and then it is equal on both sides
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And MES has told the warehouse of lactose with another shelfLifeDays
      When the supervisor takes over what was published of lactose
      Then the command is done
      And the warehouse shows lactose as EQUAL, with a shelf life of 730 days

  @URS-MDM-002 @risk-high @OQ @mes @wms @blackbox
  Rule: A code outside the dictionary is refused, never guessed
    A status, reason or unit code outside the canonical dictionary shall be refused, never mapped to
    a default; each partner's aliases are declared per partner.
    Clauses: EU GMP Annex 11 §5
    Outside: aliases, of which none is declared for any partner

    @accepts
    Scenario: The codes of the dictionary are taken over as they are
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the MES counterpart sends a hold of lot A with the status BLOCKED
      Then it is acknowledged
      And the warehouse shows lot A as BLOCKED

    @refuses
    Scenario Outline: Another status or reason is refused: <member> <code>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the MES counterpart sends a hold of lot A with the <member> <code>
      Then it is refused with SCHEMA_VIOLATION at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | member | code    | path            |
        | status | ON_HOLD | data.toStatus   |
        | status | blocked | data.toStatus   |
        | status | HOLD    | data.toStatus   |
        | reason | QC      | data.reasonCode |
        | reason | OTHER   | data.reasonCode |

    @refuses
    Scenario Outline: Another unit is refused: <unit>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the MES counterpart sends a pick request in the unit <unit>
      Then it is refused with SCHEMA_VIOLATION at data.lines[0].quantity.unit
      And nothing has changed but the record of this and its refusal

      Examples: a keg, a word of everyday life, a pallet, an old name
        | unit |
        | KG   |
        | kg   |
        | PF   |
        | KGS  |

  @URS-MDM-003 @risk-medium @OQ @mes @wms @blackbox
  Rule: The site's lot codes carry a check character, supplier lots are kept as they came
    Site-issued lot codes shall follow the site's grammar over [0-9A-Z] with ISO 7064 MOD 37-2 check
    character: every single-character error and adjacent transposition is detected; supplier lots are
    kept as they came.
    Clauses: EU GMP Annex 11 §5; EU GMP Annex 11 §6
    Outside: every error in every code, which a property test of the reference tries

    @accepts
    Scenario: Each lot of a delivery gets a code of its own, which both systems show
      Given an ASN announces 50.000 kg of lot A and 25.000 kg of lot B of lactose
      When the receiver scans container C1 with 25.000 kg
      And the receiver scans a container of lot B with 25.000 kg
      Then after delivery both systems show two lots of the delivery, each with a lot code of its own
      And each lot code follows the site's grammar, and its check character is that of ISO 7064

    @accepts
    Scenario: A supplier's lot is kept letter by letter
      Given an ASN announces 25.000 kg of the supplier's lot "aB/0-x%S26O0"
      When the receiver scans a container with the supplier's lot "aB/0-x%S26O0"
      Then the command is done
      And after delivery both systems show the supplier's lot "aB/0-x%S26O0"

    @accepts
    Scenario: A right code is taken in
      When the WMS counterpart sends a receipt with the lot code S26000A1B4
      Then it is acknowledged
      And MES shows the lot code S26000A1B4

    @refuses
    Scenario Outline: A code with one mistake is refused: <mistake>
      When the WMS counterpart sends a receipt with the lot code <code>
      Then it is refused with SCHEMA_VIOLATION at data.lotCode
      And nothing has changed but the record of this and its refusal

      Examples: of S26000A1B4
        | mistake                  | code       |
        | a zero read as the letter | S26O00A1B4 |
        | a one read as the letter | S26000AIB4 |
        | two neighbours exchanged | S260001AB4 |
        | the last two exchanged   | S26000A14B |
        | another check character  | S26000A1B* |
        | a small letter           | S26000a1B4 |

  @URS-MDM-004 @risk-medium @IQ @mes @wms @blackbox
  Rule: Locations are mapped to ISA-95, and the map is part of the configuration
    Location codes (site, building, area, room, bin) shall map to ISA-95 operational locations and,
    where they are equipment, to equipment levels, each with temperature class, hazard and allergen
    class and quarantine flag, and the map shall be part of the configuration baseline.
    Clauses: EU GMP Annex 11 §10

    @accepts
    Scenario: Both systems show each place from the site down, with what it is and may hold
      When the map of the site is loaded
      Then both systems show these places:
        | place  | kind     | path                                   | level        | temperature | hazards   | allergens | quarantine |
        | MAP    | SITE     | MAP                                    |              | AMBIENT     |           |           | no         |
        | MAP-B  | BUILDING | MAP > MAP-B                            |              | AMBIENT     |           |           | no         |
        | MAP-A  | AREA     | MAP > MAP-B > MAP-A                    | STORAGE_ZONE | COLD        | FLAMMABLE |           | no         |
        | MAP-R  | ROOM     | MAP > MAP-B > MAP-A > MAP-R            | WORK_CENTER  | COLD        |           | MILK      | no         |
        | MAP-Q  | BIN      | MAP > MAP-B > MAP-A > MAP-R > MAP-Q    | STORAGE_UNIT | COLD        | FLAMMABLE | MILK      | yes        |
      And the place MAP-Q allows nothing released
      And both configurations carry the digest of one and the same map, and it is another than before

    @refuses
    Scenario Outline: A place that fits nowhere is refused: <what>
      When a map is loaded with <what>
      Then it is refused with LOCATION_MAP_BROKEN at <path>
      And both systems show none of its places

      Examples:
        | what                                 | path                         |
        | a parent that nobody knows           | locations[1].parent          |
        | a room inside a bin                  | locations[1].parent          |
        | a site inside a building             | locations[1].parent          |
        | a place that is its own parent       | locations[1].parent          |
        | a building that is a work center     | locations[1].equipmentLevel  |
        | a quarantine where released may stand | locations[1].allowedStatuses |
