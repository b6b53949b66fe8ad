Feature: Segregation
  Stock stands only where its status and its material may stand; what may not stay is locked and has
  to move, and nothing is brought where it may not stand.

  Background:
    Given it is 2026-03-30 09:00 at the site

  @URS-STA-009 @risk-high @OQ @mes @wms @blackbox
  Rule: Stock whose new status its place does not allow is locked there and has to be moved
    Stock whose new status its location does not allow shall be locked there and get a relocation
    task; any other movement is refused.
    Clauses: 21 CFR 211.42(c); 21 CFR 211.142(a)

    @accepts
    Scenario: Released stock leaves the quarantine rack before it is used
      Given lot A of lactose, 25.000 kg, in quarantine, stands in QUARANTINE-RACK
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When quality decides that lot A is RELEASED, and the warehouse has heard of it
      Then the receiver is told to move lot A away from QUARANTINE-RACK, as RELEASED
      When the receiver moves lot A to RELEASED-RACK
      Then the command is done
      And after delivery both systems show 25.000 kg of lot A at RELEASED-RACK
      And the receiver is told to move nothing
      When production requests 10.000 kg for the order
      Then the command is done
      And the warehouse has set aside 10.000 kg of lot A for the request, and nothing else

    @accepts
    Scenario: Stock that stays where its new status is allowed gets no task
      Given lot A of lactose, 25.000 kg, released, stands in RACK-1
      When quality decides that lot A is BLOCKED, and the warehouse has heard of it
      Then the command is done
      And the receiver is told to move nothing

    @refuses
    Scenario: Locked stock is not set aside, though it is released
      Given lot A of lactose, 25.000 kg, in quarantine, stands in QUARANTINE-RACK
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And quality has decided that lot A is RELEASED
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: What was set aside is freed when the stock is locked, and cannot be picked
      Given lot A of lactose, 25.000 kg, released, stands in RELEASED-RACK
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      And quality has decided that lot A is BLOCKED
      When the picker scans the container of lot A and brings 25.000 kg
      Then it is refused with SCAN_NOT_ALLOCATED at scan
      And nothing has changed but the record of this and its refusal
      And the receiver is told to move lot A away from RELEASED-RACK, as BLOCKED

    @refuses
    Scenario: Locked stock is not weighed out, though it is released
      Given a scale whose calibration ends on 2026-12-31
      And 25.000 kg of PLAIN at PSA-HOLD, released, and a started order for 10.000 kg of it
      When the dispenser weighs 10.000 kg of lot A
      Then it is refused with STATUS_NOT_ALLOWED_HERE at scan
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: Locked stock is not backflushed, though it is released
      Given starch in backflush, decided by a signed record of low risk
      And 25.000 kg of STARCH at PSA-HOLD, released
      And a started order of 10 pieces with 1.000 kg of starch
      When production completes the order with 10 good pieces
      Then it is refused with QUANTITY_ABOVE_CONTENT at goodQuantity
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: What comes back, in quarantine, is not brought where released stock alone may stand
      Given 25.000 kg of PLAIN at PSA-1, released, and a started order for 10.000 kg of it
      When production gives 25.000 kg of lot A back to RELEASED-RACK
      Then it is refused with STATUS_NOT_ALLOWED_HERE at toLocation
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: What is packed, in quarantine, is not packed where released stock alone may stand
      Given a verified label for a case of 2 tablets of PLAIN on a line for released stock alone
      When the packer closes a case with 2 units under that label
      Then it is refused with STATUS_NOT_ALLOWED_HERE at labelId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: Locked stock goes nowhere but where its status is allowed: not to <place>
      Given lot A of lactose, 25.000 kg, released, stands in RELEASED-RACK
      And quality has decided that lot A is BLOCKED
      When the receiver moves lot A to <place>
      Then it is refused with <code> at toLocation
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | place           | code                    |
        | QUARANTINE-RACK | STATUS_NOT_ALLOWED_HERE |
        | RELEASED-RACK   | STATUS_NOT_ALLOWED_HERE |
        | PSA-1           | WRONG_PURPOSE           |
        | DOCK-IN         | WRONG_PURPOSE           |

  @URS-PCK-006 @risk-high @OQ @mes @wms @blackbox
  Rule: Nothing is staged or worked on where it conflicts in temperature, hazard or allergen class
    Staging (WMS) and issue (MES) into equipment or a location that conflicts in temperature, hazard
    or allergen class shall be refused.
    Clauses: 21 CFR 211.42(b); 21 CFR 211.42(c)

    @accepts
    Scenario Outline: Material is staged where it fits: <kind> at <place>
      Given 25.000 kg of <kind> in stock, released, and a started order for it
      When production requests all of it at <place>
      Then the command is done
      And the warehouse has set aside all of it for the request

      Examples:
        | kind      | place       |
        | PLAIN     | PSA-1       |
        | COLD      | PSA-COLD    |
        | FLAMMABLE | PSA-HAZARD  |
        | MILK      | PSA-MILK    |

    @refuses
    Scenario Outline: Material is not staged where it conflicts: <kind> at <place>
      Given 25.000 kg of <kind> in stock, released, and a started order for it
      When production requests all of it at <place>
      Then it is refused with <code> at toLocation
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | kind      | place       | code                 |
        | COLD      | PSA-1       | TEMPERATURE_MISMATCH |
        | FROZEN    | PSA-COLD    | TEMPERATURE_MISMATCH |
        | FLAMMABLE | PSA-1       | HAZARD_MISMATCH      |
        | FLAMMABLE | PSA-MILK    | HAZARD_MISMATCH      |
        | MILK      | PSA-1       | ALLERGEN_MISMATCH    |
        | MILK      | PSA-HAZARD  | ALLERGEN_MISMATCH    |

    @accepts
    Scenario: Material is weighed out and given back where it fits
      Given a scale whose calibration ends on 2026-12-31
      And 25.000 kg of MILK at PSA-MILK, released, and a started order for 10.000 kg of it
      When the dispenser weighs 10.000 kg of lot A
      And production gives 15.000 kg of lot A back to ALLERGEN-STORE
      Then the command is done
      And after delivery both systems show 15.000 kg of lot A at ALLERGEN-STORE

    @accepts
    Scenario: A product is packed where it fits
      Given a verified label for a case of 2 tablets of MILK on a line that may hold MILK
      When the packer closes a case with 2 units under that label
      Then the command is done

    @refuses
    Scenario Outline: Material is not weighed out where it conflicts: <kind> at <place>
      Given a scale whose calibration ends on 2026-12-31
      And 25.000 kg of <kind> at <place>, released, and a started order for 10.000 kg of it
      When the dispenser weighs 10.000 kg of lot A
      Then it is refused with <code> at scan
      And nothing has changed but the record of this and its refusal

      Examples:
        | kind      | place      | code                 |
        | COLD      | PSA-1      | TEMPERATURE_MISMATCH |
        | FLAMMABLE | PSA-MILK   | HAZARD_MISMATCH      |
        | MILK      | PSA-HAZARD | ALLERGEN_MISMATCH    |

    @refuses
    Scenario Outline: Material is not given back to a place that conflicts: <kind> to <to>
      Given 25.000 kg of <kind> at <place>, released, and a started order for 10.000 kg of it
      When production gives 25.000 kg of lot A back to <to>
      Then it is refused with <code> at toLocation
      And nothing has changed but the record of this and its refusal

      Examples:
        | kind      | place      | to             | code                 |
        | COLD      | PSA-COLD   | RACK-1         | TEMPERATURE_MISMATCH |
        | FLAMMABLE | PSA-HAZARD | ALLERGEN-STORE | HAZARD_MISMATCH      |

    @refuses
    Scenario Outline: A product is not packed where it conflicts: <kind> on a line <line>
      Given a verified label for a case of 2 tablets of <kind> on a line <line>
      When the packer closes a case with 2 units under that label
      Then it is refused with <code> at labelId
      And nothing has changed but the record of this and its refusal

      Examples:
        | kind | line               | code                 |
        | MILK | for everything     | ALLERGEN_MISMATCH    |
        | COLD | that may hold MILK | TEMPERATURE_MISMATCH |

    @accepts
    Scenario: A scale that stands where the material fits is used
      Given 25.000 kg of MILK at PSA-MILK, released, and a started order for 10.000 kg of it
      And a scale that stands at PSA-MILK
      When the dispenser weighs 10.000 kg of lot A
      Then the command is done

    @refuses
    Scenario Outline: A scale is not used where it stands in conflict: <kind> at <scale>
      Given 25.000 kg of <kind> at <place>, released, and a started order for 10.000 kg of it
      And a scale that stands at <scale>
      When the dispenser weighs 10.000 kg of lot A
      Then it is refused with <code> at scaleId
      And nothing has changed but the record of this and its refusal

      Examples:
        | kind      | place      | scale      | code                 |
        | COLD      | PSA-COLD   | PSA-MILK   | TEMPERATURE_MISMATCH |
        | FLAMMABLE | PSA-HAZARD | PSA-MILK   | HAZARD_MISMATCH      |
        | MILK      | PSA-MILK   | PSA-HAZARD | ALLERGEN_MISMATCH    |
