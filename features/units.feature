Feature: Units
  Amounts are exact decimals. What is given in one unit and kept in another is converted by the ratio
  that master data states, by the density and the potency of the lot; it is rounded once, and nothing
  is lost.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31

  @URS-UOM-001 @risk-high @IQ @mes @wms @blackbox
  Rule: Quantities are exact decimals, and nothing anywhere is a binary float
    Quantities shall be exact decimals with unit; binary floats shall not occur in any message or
    column (schema check); numbers in EPCIS documents are exact decimal literals, read and written as
    Decimal.
    Clauses: EU GMP Annex 11 §5

    @accepts
    Scenario: Neither schemas, nor exports, nor columns have room for a binary float
      Given a staged lot A of sugar with 25.000 kg
      And a started order for up to 20.000 kg of sugar
      When the dispenser weighs 0.001 kg of sugar of lot A
      Then the command is done
      And after delivery both systems show 24.999 KGM in the container of lot A
      And both systems tell of it in EPCIS documents that write 0.001, digit for digit
      And no published schema has a member that is a number with a point
      And no export of either system holds a number with a point
      And no column of either system is declared as, or holds, a binary float

    @refuses
    Scenario Outline: A quantity that is no decimal string is refused: <written>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the MES counterpart sends a pick request whose quantity is written <written>
      Then it is refused with SCHEMA_VIOLATION at data.lines[0].quantity.value
      And nothing has changed but the record of this and its refusal

      Examples:
        | written      |
        | 10.0         |
        | 10           |
        | "1E+1"       |
        | "10.0000001" |
        | "NaN"        |

  @URS-UOM-002 @risk-high @OQ @mes @wms @blackbox
  Rule: A conversion comes back to where it began, and a missing factor is refused
    Conversion A→B→A shall return the start value within the declared precision for 10,000 values; a
    missing factor is refused, never 1.
    Clauses: 21 CFR 211.68(b)
    Outside: the number of 10,000 values, which a property test of the reference tries

    @accepts
    Scenario Outline: There and back again: <amount> in <other>
      Given a staged lot A of sugar with 25.000 kg
      When each system converts <amount> of sugar to <other>
      Then both got <converted> with one ratio
      When each system converts what it got back
      Then both got <amount> with one ratio

      Examples: a power of ten, a ratio that never ends, and one that does
        | amount           | other | converted          |
        | 12.345678 KGM    | GRM   | 12345.678 GRM      |
        | 0.001 GRM        | KGM   | 0.000001 KGM       |
        | 7 C62            | KGM   | 58.333333 KGM      |
        | 1 KGM            | C62   | 0.12 C62           |
        | 999999999.99 KGM | GRM   | 999999999990 GRM   |

    @accepts
    Scenario: What is weighed in grams leaves the stock in kilograms, exactly
      Given a staged lot A of sugar with 25.000 kg
      And a started order for up to 20.000 kg of sugar
      When the dispenser weighs 900.001 g of sugar of lot A
      Then the command is done
      And after delivery both systems show 24.099999 KGM in the container of lot A
      And the weighing shows 900.001 GRM on the scale and 0.900001 KGM net

    @refuses
    Scenario Outline: Without a factor there is no conversion: <amount> of <item> in <other>
      Given a staged lot A of sugar with 25.000 kg
      When <role> converts <amount> of <item> to <other>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | role | amount     | item         | other | code                  | path       |
        | MES  | 1.000 KGM  | lactose      | GRM   | CONVERSION_MISSING    | toUnit     |
        | WMS  | 1.000 KGM  | lactose      | GRM   | CONVERSION_MISSING    | toUnit     |
        | MES  | 1.000 KGM  | sugar        | MLT   | CONVERSION_MISSING    | toUnit     |
        | WMS  | 1.000 KGM  | nobody knows | GRM   | UNKNOWN_MATERIAL      | materialId |
        | MES  | 999999999999999 KGM | sugar | GRM | QUANTITY_OUT_OF_RANGE | quantity   |

  @URS-UOM-003 @risk-high @OQ @mes @wms @blackbox
  Rule: One rounding rule for each type of quantity, on both sides, and the residue is posted
    One rounding rule (mode, digits, stage) per quantity type shall be used on both sides; rounding
    residue is posted, so sum of parts = whole (0 drift in 10,000 splits).
    Clauses: EU GMP draft Chapter 4 §4.63
    Outside: the number of 10,000 splits, which a property test of the reference tries

    @accepts
    Scenario: Both systems state the same rules, one for each type
      Then both systems state the same rounding rules, one for each type of quantity

    @accepts
    Scenario: What rounding took is posted beside what was booked, in both systems
      Given a staged lot A of colour with 25.000 kg
      And a started order for up to 20.000 kg of colour
      When the dispenser weighs 333.3 g of colour of lot A
      And the dispenser weighs 333.5 g of colour of lot A
      And the dispenser weighs 332.5 g of colour of lot A
      Then after delivery both systems show 24.001 KGM in the container of lot A
      And both systems have posted 0.333, 0.334 and 0.332 KGM with the residues 3/10000, -1/2000 and 1/2000
      And booked and residues together are 0.9993 KGM in both systems

    @accepts
    Scenario: Parts and residue are the whole
      Given a staged lot A of sugar with 25.000 kg
      When each system divides 25.000 KGM of sugar into 7 parts
      Then both got parts of 3.571428 KGM and the residue 1/250000

    @refuses
    Scenario Outline: What would be rounded to nothing is not booked: <weight>
      Given a staged lot A of colour with 25.000 kg
      And a started order for up to 20.000 kg of colour
      When the dispenser weighs <weight> g of colour of lot A
      Then it is refused with QUANTITY_OUT_OF_RANGE at gross
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples: less than half of the last digit, and the half of it
        | weight |
        | 0.4    |
        | 0.5    |

  @URS-UOM-004 @risk-high @OQ @mes @blackbox
  Rule: Potency comes from the released assay, and a new assay makes a new signed version
    Potency/assay-adjusted quantity shall be calculated from the released assay of that lot;
    recalculation on assay change shall create a new signed version, never overwrite.
    Clauses: 21 CFR 211.101(a)

    @accepts
    Scenario: A new assay adds a version, signed, and leaves the one before as it was
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged, potency 98.5 %
      And a started order for at least 1.000 kg, 9.000 kg and at most 20.000 kg of lactose at 100 % potency
      And the dispenser has weighed 10.000 kg of lot A
      When quality records an assay of 99.25 % of lot A
      Then the command is done
      And MES shows the assays 98.5 % and 99.25 % of lot A
      And MES shows the active quantities 9.85 KGM and 9.925 KGM of the weighing, each signed
      And MES has raised the alarm ASSAY_CHANGED_AFTER_USE about the assay

    @accepts
    Scenario: From the new assay on the lot counts as it says
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged, potency 98.5 %
      And a started order for exactly 10.250 kg of lactose at 100 % potency
      And quality has recorded an assay of 102.5 % of lot A
      When the dispenser weighs 10.000 kg of lot A as the final part
      Then the command is done
      And after delivery both systems show 15.000 kg of lot A in staging
      And the issue carries the potency 102.5 %
      And MES shows the active quantity 10.25 KGM of the weighing, signed

    @refuses
    Scenario: The assay before the last is no reason to weigh more
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged, potency 102.5 %
      And a started order for exactly 10.250 kg of lactose at 100 % potency
      And quality has recorded an assay of 100 % of lot A
      When the dispenser weighs 10.000 kg of lot A as the final part
      Then it is refused with WEIGHT_OUT_OF_TOLERANCE at gross
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: An assay that nobody may release is refused: <what>
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged, potency 98.5 %
      When quality records an assay <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And MES shows the assay 98.5 % of lot A
      And a repeat gets the stored answer

      Examples:
        | what                                | code                   | path      |
        | of lot A with a wrong password      | SIGNATURE_REFUSED      | signature |
        | of lot A for a reason of blanks     | REASON_TOO_SHORT       | reason    |
        | of lot A on the dried basis         | POTENCY_BASIS_MISMATCH | basis     |
        | of a lot nobody knows               | UNKNOWN_LOT            | lotId     |

  @URS-UOM-005 @risk-high @OQ @mes @wms @blackbox
  Rule: Mass becomes volume by the lot's density at its temperature, potency counts on its basis
    Mass to volume shall use the lot's density at its temperature, potency its stated basis; a missing
    one is refused.
    Clauses: 21 CFR 211.101(a); 21 CFR 211.101(b)

    @accepts
    Scenario Outline: What is weighed leaves the stock as litres: <weight> at <celsius> °C
      Given a staged lot A of ethanol with 40.000 L, 0.789 kg/L at 20.0 °C and 0.785 kg/L at 25.0 °C
      And a started order for up to 20.000 L of ethanol
      When the dispenser weighs <weight> of ethanol of lot A at <celsius> °C
      Then the command is done
      And after delivery both systems show <left> LTR in the container of lot A
      And both systems have posted <litres> LTR with the residue <residue>

      Examples: exact, and one that never ends
        | weight     | celsius | litres   | left      | residue    |
        | 7.890 kg   | 20      | 10       | 30.000    | 0          |
        | 7850.000 g | 25.0    | 10       | 30.000    | 0          |
        | 1.000 kg   | 20.0    | 1.267427 | 38.732573 | 97/789000000 |

    @refuses
    Scenario Outline: Without a density at its temperature nothing is converted: <where>
      Given a staged lot A of ethanol with 40.000 L, 0.789 kg/L at 20.0 °C and 0.785 kg/L at 25.0 °C
      And a started order for up to 20.000 L of ethanol
      When the dispenser weighs 7.890 kg of ethanol of lot A at <where>
      Then it is refused with DENSITY_UNKNOWN at atCelsius
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | where                  |
        | 20.1 °C                |
        | a temperature not told |

    @refuses
    Scenario Outline: A potency on another basis than the material's does not count: <basis>
      Given a staged lot A of lactose with a potency of 100 % stated <basis>
      And a started order for exactly 10.000 kg of lactose at 100 % potency
      When the dispenser weighs 10.000 kg of lot A as the final part
      Then it is refused with POTENCY_BASIS_MISMATCH at scan
      And nothing has changed but the record of this and its refusal

      Examples:
        | basis            |
        | on no basis      |
        | on the dried one |
