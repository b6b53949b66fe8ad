Feature: Equipment
  A device that is overdue for calibration, or in the workshop, gives no number that counts.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-03-30
    And an order that packs lot P of tablets, expiring on 2026-12-31
    And a printer and a label scanner whose calibrations end on 2026-03-30

  @URS-MNT-001 @risk-high @OQ @mes @blackbox
  Rule: Nothing is weighed, printed or verified on a device that may not be used
    Equipment that is overdue for calibration or under maintenance shall be refused for weighing,
    printing and verification.
    Clauses: 21 CFR 211.68(a)

    @accepts
    Scenario: On the last day of their calibration all three devices are used
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the dispenser weighs 10.000 kg of lot A
      Then the command is done
      And a label can be printed on the printer and read back on the scanner

    @accepts
    Scenario Outline: A calibrated <device> is used again, and the register says until when
      Given it is 2026-03-31 09:00 at the site
      When the technician has calibrated the <device> until 2026-09-30
      Then the command is done
      And MES shows the <device> in use, calibrated until 2026-09-30, signed by the technician
      And the <device> can be used

      Examples:
        | device  |
        | scale   |
        | printer |
        | scanner |

    @accepts
    Scenario Outline: A <device> that comes back from maintenance is used again
      Given the technician has taken from use the <device>
      When the technician gives the <device> back with the reason "load cell replaced"
      Then the command is done
      And the <device> can be used

      Examples:
        | device  |
        | scale   |
        | printer |
        | scanner |

    @refuses
    Scenario Outline: The day after its calibration ended, the <device> is refused
      Given a label that the printer has printed
      And it is 2026-03-31 00:00 at the site
      When somebody uses the <device>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | device  | code                 | path      |
        | scale   | SCALE_NOT_CALIBRATED | scaleId   |
        | printer | CALIBRATION_OVERDUE  | printerId |
        | scanner | CALIBRATION_OVERDUE  | labelId   |

    @refuses
    Scenario Outline: A <device> that is <why> is refused
      Given a label that the printer has printed
      And the technician has <done> the <device>
      When somebody uses the <device>
      Then it is refused with EQUIPMENT_IN_MAINTENANCE at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | device  | why                     | done                    | path      |
        | scale   | in maintenance          | taken from use          | scaleId   |
        | printer | in maintenance          | taken from use          | printerId |
        | scanner | in maintenance          | taken from use          | labelId   |
        | scale   | out of its calibration  | failed to calibrate     | scaleId   |

    @refuses
    Scenario Outline: What nobody may enter about a device is refused: <what>
      When the technician enters <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                          | code                  | path        |
        | maintenance of a device nobody knows          | UNKNOWN_EQUIPMENT     | equipmentId |
        | a calibration of a device nobody knows        | UNKNOWN_EQUIPMENT     | equipmentId |
        | the return of a scale that is in use          | EQUIPMENT_STATE_SAME  | toState     |
        | maintenance of the scale for no reason        | REASON_TOO_SHORT      | reason      |
        | maintenance of the scale with another's name  | SIGNATURE_REFUSED     | signature   |
        | a calibration that ended yesterday            | CALIBRATION_NOT_VALID | validUntil  |
        | a calibration with a wrong password           | SIGNATURE_REFUSED     | signature   |
