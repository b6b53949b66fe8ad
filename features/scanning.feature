Feature: Guided scanning
  A step declares which labels are scanned in which order, and what each of them holds; what a
  device reads is compared with the record, field by field, and both systems keep every scan.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And an order that packs lot P of tablets, expiring on 2026-12-31
    And a rework bench and loose totes
    And case 1 with 3 units of lot P
    And scanners whose calibration ends on 2026-12-31, and the steps of the line and the dock

  @URS-LBL-001 @risk-high @OQ @mes @wms @blackbox
  Rule: What a label says is what the record says, in every field
    The scanned GS1 element string shall equal expected GTIN, lot, expiry, serial; any single
    difference blocks the step (all single-field mutations refused).
    Clauses: 21 CFR 211.125(b); 21 CFR 211.130(c); 21 CFR 211.134(a); EU GMP Annex 11 (2011) 6

    @accepts
    Scenario Outline: A case is opened when its label and those of its units were read, by <who>
      Given <who> has begun the step for case 1 and its units 1 and 2
      And <who> has scanned case 1, unit 1 and unit 2
      When <who> opens case 1 and takes units 1 and 2 into tote 1 on the strength of that
      Then the command is done
      And after delivery both systems show these in stock
        | unit   | pieces | in      |
        | case 1 | 1      | nothing |
        | tote 1 | 2      | nothing |

      Examples:
        | who               |
        | the line operator |
        | the dock operator |

    @accepts
    Scenario: A case is packed when the labels of all its units were read
      Given the packer has printed a label for a case of 2 units of lot P
      And a scanner has read the printed label, and MES has compared it
      And the line operator has begun the step for 2 new units of lot P
      And the line operator has scanned unit 1 and unit 2
      When the line operator closes the case with these units on the strength of that
      Then the command is done

    @accepts
    Scenario Outline: In any language the symbols hold the same, and people read it right: <locale>
      Given an order that packs lot N of <item>, expiring on 2026-12-31
      When the packer prints a label for a case of 1200 units of lot N in <locale> and <encoding>
      Then the command is done
      And its image and its print job hold SSCC, item, lot N, expiry and 1200 units
      And its print job says in <encoding> <item>, <expiry> and <quantity>

      Examples:
        | locale | encoding     | item                   | expiry                     | quantity        |
        | en-GB  | UTF-8        | Lactose ~^XZ "fine"    | Expiry: 31/12/2026         | Quantity: 1,200 |
        | de-DE  | windows-1252 | Süßholz 0,5 %          | Verwendbar bis: 31.12.2026 | Menge: 1.200    |
        | el-GR  | UTF-8        | Ασπιρίνη               | Λήξη: 31/12/2026           | Ποσότητα: 1.200 |
        | ja-JP  | UTF-8        | アスピリン錠           | 使用期限: 2026年12月31日   | 数量: 1,200     |

    @refuses
    Scenario Outline: What a character set lacks is not printed as something else: <item>
      Given an order that packs lot N of <item>, expiring on 2026-12-31
      When the packer prints a label for a case of 1200 units of lot N in <locale> and windows-1252
      Then it is refused with TEXT_NOT_PRINTABLE at encoding
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | item         | locale |
        | アスピリン錠 | en-GB  |
        | Aspirin      | el-GR  |

    @refuses
    Scenario Outline: Any single difference in a label is refused, by <who>
      Given <who> has begun the step for case 1 and its units 1 and 2
      And <who> has scanned case 1
      When <who> scans the label of unit 1 with every single difference that there can be
      Then each is refused, nothing but its record has changed, and the right label is accepted

      Examples:
        | who               |
        | the line operator |
        | the dock operator |

    @refuses
    Scenario Outline: Without its scans a step is not done: <what>
      Given the line operator has begun the step for case 1 and its units 1 and 2
      And the line operator has scanned <scanned>
      When the line operator opens case 1 and takes <what>
      Then it is refused with SCAN_STEP_OPEN at scanRunId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | scanned                     | what                                               |
        | case 1 and unit 1           | units 1 and 2 into tote 1 on the strength of that  |
        | case 1, unit 1 and unit 2   | units 1 and 3 into tote 1 on the strength of that  |
        | case 1, unit 1 and unit 2   | units 1 and 2 into tote 1 on the strength of nothing |

    @refuses
    Scenario: A run serves once
      Given the line operator has begun the step for case 1 and its units 1 and 2
      And the line operator has scanned case 1, unit 1 and unit 2
      And the line operator has opened case 1 and put units 1 and 2 back
      When the line operator opens case 1 and takes units 1 and 2 into tote 1 on the strength of that
      Then it is refused with SCAN_STEP_OPEN at scanRunId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: What the record does not know is not scanned
      When the line operator begins the step for 2 new units of lot P without their order
      Then it is refused with UNKNOWN_UNIT at units[0]
      And nothing has changed but the record of this and its refusal

  @URS-LBL-002 @risk-high @OQ @mes @wms @blackbox
  Rule: A result names its device and how that stood
    Scan or weigh results shall carry device id and calibration status; unknown or overdue device is
    refused.
    Clauses: 21 CFR 11.10(h); 21 CFR 211.68(a)

    @accepts
    Scenario Outline: Up to the last microsecond of its day a scanner scans, by <who>
      Given a scanner whose calibration <calibration>
      And it is 2026-03-30 23:59:59.999999 at the site
      And <who> has begun the step for case 1 and its units 1 and 2
      When <who> scans case 1
      Then the command is done
      And after delivery both systems show the accepted scan with its device, <state>

      Examples:
        | who               | calibration        | state                       |
        | the line operator | ends on 2026-03-30 | VALID until 2026-03-30      |
        | the dock operator | ends on 2026-03-30 | VALID until 2026-03-30      |
        | the line operator | is not needed      | NOT_REQUIRED until no day   |

    @accepts
    Scenario: A weighing names its scale and how that stood
      Given a scale whose calibration ends on 2026-03-30
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the dispenser weighs 10.000 kg of lot A
      Then the command is done
      And production shows the weighing with its scale, calibrated until 2026-03-30

    @refuses
    Scenario Outline: What is overdue or unknown scans nothing: <device>, by <who>
      Given a scanner whose calibration ends on 2026-03-30
      And it is 2026-03-31 00:00 at the site
      And <who> has begun the step for case 1 and its units 1 and 2
      When <who> scans case 1 with <device>
      Then it is refused with <code> at deviceId
      And nothing has changed but the record of this scan, which both systems have
      And after delivery both systems show the refused scan with its device, <state>

      Examples:
        | who               | device                | code                   | state                       |
        | the line operator | that scanner          | SCANNER_NOT_CALIBRATED | OVERDUE until 2026-03-30    |
        | the dock operator | that scanner          | SCANNER_NOT_CALIBRATED | OVERDUE until 2026-03-30    |
        | the line operator | a scanner nobody knows | UNKNOWN_EQUIPMENT     | UNKNOWN_DEVICE until no day |
        | the dock operator | a printer             | UNKNOWN_EQUIPMENT      | UNKNOWN_DEVICE until no day |

    @refuses
    Scenario: A scale whose calibration has ended weighs nothing
      Given a scale whose calibration ends on 2026-03-30
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And it is 2026-03-31 00:00 at the site
      When the dispenser weighs 10.000 kg of lot A
      Then it is refused with SCALE_NOT_CALIBRATED at scaleId
      And nothing has changed but the record of this and its refusal

  @URS-LBL-004 @risk-high @OQ @mes @wms @blackbox
  Rule: A step is scanned in its order, at its place, and both systems know of every scan
    Each step shall declare its scan order and identifiers; a scan out of order or at the wrong step
    is refused; accepted and refused scans appear in both systems' audit trails.
    Clauses: EU GMP Annex 11 (2011) 5; EU GMP Annex 11 (2011) 6

    @accepts
    Scenario Outline: What is scanned in order stands in both audit trails, by <who>
      Given <who> has begun the step for case 1 and its units 1 and 2
      And <who> has scanned case 1 and unit 1
      When <who> scans unit 2
      Then the command is done
      And after delivery both audit trails tell of the scans of case 1, unit 1 and unit 2, in order
      And both systems show which scans the step declares, and the run with 3 of 3

      Examples:
        | who               |
        | the line operator |
        | the dock operator |

    @refuses
    Scenario Outline: Out of order or at the wrong step a scan is refused: <what>, by <who>
      Given <who> has begun the step for case 1 and its units 1 and 2
      And <who> has scanned <before>
      When <by> scans <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this scan, which both systems have
      And a repeat gets the stored answer and is no other scan

      Examples:
        | who               | by                | before                    | what                    | code                | path  |
        | the line operator | the line operator | nothing                   | unit 1                  | SCAN_OUT_OF_ORDER   | scan  |
        | the dock operator | the dock operator | case 1                    | unit 2                  | SCAN_OUT_OF_ORDER   | scan  |
        | the dock operator | the dock operator | case 1                    | case 1                  | SCAN_OUT_OF_ORDER   | scan  |
        | the line operator | the line operator | case 1                    | a pallet                | LABEL_FIELDS_DIFFER | scan  |
        | the line operator | the packer        | case 1                    | unit 1                  | SCAN_AT_WRONG_STEP  | runId |
        | the dock operator | the shipper       | nothing                   | case 1                  | SCAN_AT_WRONG_STEP  | runId |
        | the line operator | the line operator | case 1, unit 1 and unit 2 | unit 2                  | SCAN_STEP_DONE      | runId |
        | the dock operator | the dock operator | nothing                   | case 1 for no step      | UNKNOWN_SCAN_RUN    | runId |

    @refuses
    Scenario Outline: A step is begun as it is declared, or not at all: <what>
      When <who> begins <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | who               | what                                       | code               | path   |
        | the line operator | a step that nobody declared                | UNKNOWN_SCAN_STEP  | stepId |
        | the line operator | the step of the dock for case 1 and unit 1 | UNKNOWN_SCAN_STEP  | stepId |
        | the packer        | the step of the line for case 1 and unit 1 | SCAN_AT_WRONG_STEP | stepId |
        | the dock operator | the step of the dock for case 1 alone      | SCANS_NOT_DECLARED | units  |
