Feature: Expiry
  A lot may be used up to the last instant of its expiry day where the site stands, and not after.

  @URS-EXP-001 @risk-high @OQ @mes @wms @blackbox
  Rule: Expired and retest-due material is not allocated, not picked and not issued
    Expired or retest-due material shall not be allocated, picked, issued, packed or shipped. The
    instant of expiry is the end of the expiry day in the site's zone (AI 17 with day 00: the last
    day of the month; AI 7003: exact); checked one unit before, at and after it, and at zone borders.
    Clauses: 21 CFR 211.87
    See: 21 CFR 211.137

    @accepts
    Scenario Outline: Up to the last microsecond of its expiry day a lot is picked: <day>
      Given it is <day> 23:50 at the site
      And lot A of lactose, 25.000 kg, released, expiring on <day>
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      And it is <day> 23:59:59.999999 at the site
      When the picker scans the container of lot A and brings 25.000 kg
      Then the command is done
      And after delivery both systems show 25.000 kg of lot A in staging

      Examples: the last day of winter time, the day the clock changes, a day of summer time
        | day        |
        | 2026-03-28 |
        | 2026-03-29 |
        | 2026-03-31 |

    @refuses
    Scenario Outline: From the instant of expiry on a lot is not picked: <instant>
      Given it is <day> 23:50 at the site
      And lot A of lactose, 25.000 kg, released, expiring on <day>
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      And it is the instant <instant>
      When the picker scans the container of lot A and brings 25.000 kg
      Then it is refused with LOT_EXPIRED at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples: midnight at the site is 23:00 UTC in winter and 22:00 UTC in summer
        | day        | instant                     |
        | 2026-03-28 | 2026-03-28T23:00:00.000000Z |
        | 2026-03-29 | 2026-03-29T22:00:00.000000Z |
        | 2026-03-31 | 2026-03-31T22:00:00.000000Z |
        | 2026-03-31 | 2026-03-31T22:00:00.000001Z |

    @accepts
    Scenario: Up to the last microsecond of its expiry day a lot is weighed out
      Given it is 2026-03-29 12:00 at the site
      And a scale whose calibration ends on 2026-12-31
      And lot A of lactose, 25.000 kg, released, expiring on 2026-03-29, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And it is 2026-03-29 23:59:59.999999 at the site
      When the dispenser weighs 10.000 kg of lot A
      Then the command is done
      And after delivery both systems show 15.000 kg of lot A in staging

    @refuses
    Scenario: From the instant of expiry on a lot is not weighed out
      Given it is 2026-03-29 12:00 at the site
      And a scale whose calibration ends on 2026-12-31
      And lot A of lactose, 25.000 kg, released, expiring on 2026-03-29, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And it is the instant 2026-03-29T22:00:00.000000Z
      When the dispenser weighs 10.000 kg of lot A
      Then it is refused with LOT_EXPIRED at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: From the instant of expiry on a lot is not allocated
      Given it is 2026-03-31 12:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-03-31
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And it is the instant 2026-03-31T22:00:00.000000Z
      When production requests 25.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @accepts
    Scenario: Up to the last microsecond of its expiry day a lot is packed
      Given it is 2026-12-31 12:00 at the site
      And an order that packs lot P of tablets, expiring on 2026-12-31
      And the packer has printed a label for a case of 2 units of lot P
      And a scanner has read the printed label, and MES has compared it
      And it is 2026-12-31 23:59:59.999999 at the site
      When the packer closes the case with its 2 units
      Then the command is done

    @refuses
    Scenario Outline: From the instant of expiry on a lot is not labelled, packed or put together: <what>
      Given it is 2026-12-31 12:00 at the site
      And an order that packs lot P of tablets, expiring on 2026-12-31
      And case 1 with 2 units of lot P
      And the packer has printed a label for a case of 2 units of lot P
      And a scanner has read the printed label, and MES has compared it
      And it is the instant 2026-12-31T23:00:00.000000Z
      When <who> <what>
      Then it is refused with LOT_EXPIRED at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | who         | what                                           | path        |
        | the packer  | prints one more label for lot P                | lotId       |
        | the packer  | closes the case with its 2 units               | labelId     |
        | the packer  | puts case 1 onto a pallet labelled for 2 units | children[0] |
        | the shipper | puts case 1 onto pallet 1                      | children[0] |

    @refuses
    Scenario: From the instant of expiry on a lot is not sampled
      Given it is 2026-03-31 12:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-03-31
      And it is the instant 2026-03-31T22:00:00.000000Z
      When the sampler takes 0.050 kg of lot A
      Then it is refused with LOT_EXPIRED at scan
      And nothing has changed but the record of this and its refusal

    @accepts
    Scenario Outline: The label says when its lot expires: <fields>
      Given it is 2026-03-28 09:00 at the site
      And an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on <day>
      When the receiver scans container C1 with <fields>
      Then the command is done
      And after delivery both systems show that its lot expires at <instant>

      Examples: a minute, one that the clock shows twice, one that it never shows; a month's last day
        | fields                          | day        | instant                     |
        | (17) 260331 (7003) 2603311430   | 2026-03-31 | 2026-03-31T12:30:00.000000Z |
        | (7003) 2610250230               | 2026-10-25 | 2026-10-25T00:30:00.000000Z |
        | (7003) 2603290230               | 2026-03-29 | 2026-03-29T00:30:00.000000Z |
        | (17) 261000                     | 2026-10-31 | 2026-10-31T23:00:00.000000Z |

    @accepts
    Scenario: Up to the minute on its label a lot is allocated
      Given it is 2026-03-31 09:00 at the site
      And an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-03-31
      And the receiver has scanned container C1 with (7003) 2603311430
      And container C1 was put away and its lot released
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And it is the instant 2026-03-31T12:29:59.999999Z
      When production requests 10.000 kg for the order
      Then the command is done

    @refuses
    Scenario: From the minute on its label on a lot is not allocated
      Given it is 2026-03-31 09:00 at the site
      And an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-03-31
      And the receiver has scanned container C1 with (7003) 2603311430
      And container C1 was put away and its lot released
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And it is the instant 2026-03-31T12:30:00.000000Z
      When production requests 10.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A label with an hour that no clock shows is not read
      Given it is 2026-03-31 09:00 at the site
      And an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-03-31
      When the receiver scans container C1 with (7003) 2603312430
      Then it is refused with SCAN_UNREADABLE at scan
      And nothing has changed but the record of this and its refusal

    @accepts
    Scenario: Up to the last microsecond of its retest day a lot is picked
      Given it is 2026-03-29 23:50 at the site
      And lot A of lactose, 25.000 kg, released, to be tested again after 2026-03-29
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      And it is 2026-03-29 23:59:59.999999 at the site
      When the picker scans the container of lot A and brings 25.000 kg
      Then the command is done

    @refuses
    Scenario Outline: From the end of its retest day on a lot is not picked: <instant>
      Given it is <day> 23:50 at the site
      And lot A of lactose, 25.000 kg, released, to be tested again after <day>
      And a started order for 25.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 25.000 kg for the order
      And it is the instant <instant>
      When the picker scans the container of lot A and brings 25.000 kg
      Then it is refused with RETEST_DUE at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples: before and after the clock changes
        | day        | instant                     |
        | 2026-03-28 | 2026-03-28T23:00:00.000000Z |
        | 2026-03-29 | 2026-03-29T22:00:00.000000Z |

    @refuses
    Scenario: From the end of its retest day on a lot is not weighed out
      Given it is 2026-03-29 12:00 at the site
      And a scale whose calibration ends on 2026-12-31
      And lot A of lactose, 25.000 kg, released, to be tested again after 2026-03-29, staged
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And it is the instant 2026-03-29T22:00:00.000000Z
      When the dispenser weighs 10.000 kg of lot A
      Then it is refused with RETEST_DUE at scan
      And nothing has changed but the record of this and its refusal

    @accepts
    Scenario: A lot that has to be tested again goes back into quarantine by itself
      Given it is 2026-03-29 12:00 at the site
      And lot A of lactose, 25.000 kg, released, to be tested again after 2026-03-29
      And it is the instant 2026-03-29T22:00:00.000000Z
      When what is due is done
      Then after delivery both systems show lot A, QUARANTINE, to be tested again after 2026-03-29, from 2026-03-30T00:00:00.000000+02:00 on

    @accepts
    Scenario: A retest date that was announced stands in both systems
      Given it is 2026-03-29 12:00 at the site
      And an ASN announces 25.000 kg of lot A of lactose in container C1, expiring on 2026-12-31, to be tested again after 2026-10-25
      When the receiver scans container C1 with 25.000 kg
      Then the command is done
      And after delivery both systems show lot A, QUARANTINE, to be tested again after 2026-10-25, from 2026-10-26T00:00:00.000000+01:00 on

    @accepts
    Scenario: A lot that was tested again is released with its next retest date
      Given it is 2026-03-29 12:00 at the site
      And starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And lot A of starch, 25.000 kg, released, to be tested again after 2026-03-29, sampled
      And it is 2026-03-30 08:00 at the site
      And what is due is done
      And the analyst has found a loss on drying of 5.0 % in lot A
      And the analyst has found an assay of 100.0 % in lot A, to be tested again after 2026-09-30
      When two persons of quality release lot A
      Then the command is done
      And after delivery both systems show lot A, RELEASED, to be tested again after 2026-09-30, from 2026-10-01T00:00:00.000000+02:00 on

    @refuses
    Scenario: A lot that has to be tested again is not released as it is
      Given it is 2026-03-29 12:00 at the site
      And lot A of lactose, 25.000 kg, released, to be tested again after 2026-03-29
      And it is the instant 2026-03-29T22:00:00.000000Z
      And what is due is done
      When two persons of quality release lot A
      Then it is refused with RETEST_DUE at lotId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: From the end of its retest day on a lot does not leave the site
      Given it is 2026-03-29 12:00 at the site
      And lot A of lactose, 25.000 kg, released, to be tested again after 2026-03-29
      And it is the instant 2026-03-29T22:00:00.000000Z
      When the shipper ships the container of lot A
      Then it is refused with RETEST_DUE at ssccs[0]
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: From the end of its retest day on a lot is not computed as used
      Given it is 2026-03-29 12:00 at the site
      And starch in backflush, decided by a signed record of low risk
      And lot S of starch, 10.000 kg, released, to be tested again after 2026-03-29, staged
      And a started order of 1000 pieces with 10.000 kg of starch
      And it is the instant 2026-03-29T22:00:00.000000Z
      When production completes the order with 1000 good pieces
      Then it is refused with QUANTITY_ABOVE_CONTENT at goodQuantity
      And nothing has changed but the record of this and its refusal

  @URS-EXP-002 @risk-medium @OQ @wms @blackbox
  Rule: The lot that expires first goes first
    Proposed lots shall follow FEFO, ties broken by release date; an override shall need role, reason
    and audit entry; property test on 1,000 random stocks: 0 violations.
    Clauses: 21 CFR 211.86; 21 CFR 211.150(a)
    Outside: the property test, which is one of the reference and not of a foreign system
    See: EU GDP 5.5

    @accepts
    Scenario: Lots are set aside in the order of their expiry until it is enough
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 20.000 kg, released, expiring on 2026-12-31
      And lot B of lactose, 3.000 kg, released, expiring on 2026-11-30
      And lot C of lactose, 4.000 kg, released, expiring on 2026-10-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When production requests 10.000 kg for the order
      Then the command is done
      And the warehouse has set aside exactly 4.000 kg of C, 3.000 kg of B, 3.000 kg of A

    @accepts
    Scenario: Of two lots that expire on one day the one released first goes first
      Given it is 2026-03-30 09:00 at the site
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31
      And it is 2026-03-30 10:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When production requests 10.000 kg for the order
      Then the command is done
      And the warehouse has set aside exactly 10.000 kg of B

    @accepts
    Scenario: A supervisor sets a later lot aside and says why
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-10-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When the supervisor sets lot B aside with the reason "lot A stands behind a defect lift"
      Then the command is done
      And the warehouse has set aside exactly 10.000 kg of B
      And the WMS audit trail gives the reason "lot A stands behind a defect lift" by the supervisor

    @refuses
    Scenario Outline: An override does not set aside what may not be used: <what>
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-10-31
      And lot B of lactose, <amount> kg, <status>, expiring on <day>
      And a started order for 10.000 kg of lactose with 30 days of minimum shelf life
      And production has requested 10.000 kg for the order
      When the supervisor sets lot B aside with the reason "<reason>"
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                     | amount | status        | day        | reason       | code              | path   |
        | not released             | 25.000 | in quarantine | 2026-12-31 | lift defect  | NO_ELIGIBLE_STOCK | lotId  |
        | expires too soon         | 25.000 | released      | 2026-04-28 | lift defect  | NO_ELIGIBLE_STOCK | lotId  |
        | not enough of it         | 9.999  | released      | 2026-12-31 | lift defect  | NO_ELIGIBLE_STOCK | lotId  |
        | no reason                | 25.000 | released      | 2026-12-31 | l i f t      | REASON_TOO_SHORT  | reason |

    @refuses
    Scenario: A picker does not override the order of expiry
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-10-31
      And lot B of lactose, 25.000 kg, released, expiring on 2026-12-31
      And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And production has requested 10.000 kg for the order
      When the picker sets lot B aside with the reason "lot A stands behind a defect lift"
      Then it is refused because this account may not do it
      And nothing has changed but the record of this and its refusal

  @URS-EXP-003 @risk-medium @OQ @mes @wms @blackbox
  Rule: The minimum remaining shelf life holds at reservation and again when material is fetched
    Minimum remaining shelf life per customer/process shall be applied at reservation and again at
    issue.
    Clauses: 21 CFR 211.150(a)
    See: EU GDP Chapter 5

    @accepts
    Scenario: To the last instant of its minimum shelf life a lot is reserved and fetched
      Given it is 2026-03-30 23:59 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-04-29
      And a started order for 25.000 kg of lactose with 30 days of minimum shelf life
      And production has requested 25.000 kg for the order
      And it is the instant 2026-03-30T22:00:00.000000Z
      When the picker scans the container of lot A and brings 25.000 kg
      Then the command is done
      And after delivery both systems show 25.000 kg of lot A in staging

    @refuses
    Scenario: What was reserved in time is not fetched too late
      Given it is 2026-03-30 23:59 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-04-29
      And a started order for 25.000 kg of lactose with 30 days of minimum shelf life
      And production has requested 25.000 kg for the order
      And it is the instant 2026-03-30T22:00:00.000001Z
      When the picker scans the container of lot A and brings 25.000 kg
      Then it is refused with SHELF_LIFE_TOO_SHORT at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A microsecond after its minimum shelf life a lot is not reserved
      Given it is the instant 2026-03-30T22:00:00.000001Z
      And lot A of lactose, 25.000 kg, released, expiring on 2026-04-29
      And a started order for 25.000 kg of lactose with 30 days of minimum shelf life
      When production requests 25.000 kg for the order
      Then it is refused with NO_ELIGIBLE_STOCK at lines[0].quantity
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: What was fetched in time is weighed out to the last instant, and not after it
      Given it is 2026-03-30 23:59 at the site
      And a scale whose calibration ends on 2026-12-31
      And lot A of lactose, 25.000 kg, released, expiring on 2026-04-29, staged
      And a started order for 10.000 kg of lactose with 30 days of minimum shelf life
      And it is the instant 2026-03-30T22:00:00.000000Z
      And the dispenser has weighed 4.000 kg of lot A
      And it is the instant 2026-03-30T22:00:00.000001Z
      When the dispenser weighs 4.000 kg of lot A
      Then it is refused with SHELF_LIFE_TOO_SHORT at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: A case does not leave for a customer who wants more shelf life than is left
      Given it is 2026-03-30 09:00 at the site
      And an order that packs lot P of tablets, expiring on 2026-12-31
      And quality has released lot P
      And case 1 with 2 units of lot P
      And it is 2026-12-02 00:00:00.001 at the site
      When the shipper ships case 1 to a customer who wants 30 days of shelf life
      Then it is refused with SHELF_LIFE_TOO_SHORT at ssccs[0]
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: What was fetched in time is not computed as used when it is too late
      Given it is 2026-03-30 23:59 at the site
      And starch in backflush, decided by a signed record of low risk
      And lot S of starch, 10.000 kg, released, expiring on 2026-04-29, staged
      And a started order of 1000 pieces with 10.000 kg of starch and 30 days of minimum shelf life
      And it is the instant 2026-03-30T22:00:00.000001Z
      When production completes the order with 1000 good pieces
      Then it is refused with QUANTITY_ABOVE_CONTENT at goodQuantity
      And nothing has changed but the record of this and its refusal

    @accepts
    Scenario: To the last instant of its minimum shelf life a lot is computed as used
      Given it is 2026-03-30 23:59 at the site
      And starch in backflush, decided by a signed record of low risk
      And lot S of starch, 10.000 kg, released, expiring on 2026-04-29, staged
      And a started order of 1000 pieces with 10.000 kg of starch and 30 days of minimum shelf life
      And it is the instant 2026-03-30T22:00:00.000000Z
      When production completes the order with 1000 good pieces
      Then the command is done
      And after delivery both systems show no lot S in staging
