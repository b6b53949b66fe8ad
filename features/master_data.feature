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
    Outside: location, recipe and lot-format masters; conversions, shelf life, potency, density, allergens, hazards and temperature class of items

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
    Scenario: What was set aside before is not picked while it differs
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      And quality has published lactose with another gtin
      When the picker scans the container of lot A and brings 25.000 kg
      Then it is refused with MASTER_DATA_DIFFERS at scan
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A publication whose digest is not that of its content is refused
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the MES counterpart publishes lactose with the digest of something else
      Then it is refused with CONTENT_HASH_DIFFERS at data.contentSha256
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

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
