Feature: Expiry
  A lot may be used up to the last instant of its expiry day where the site stands, and not after.

  @URS-EXP-001 @risk-high @OQ @mes @wms @blackbox
  Rule: Expired material is not allocated, not picked and not issued
    Expired or retest-due material shall not be allocated, picked, issued, packed or shipped. The
    instant of expiry is the end of the expiry day in the site's zone (AI 17 with day 00: the last
    day of the month; AI 7003: exact); checked one unit before, at and after it, and at zone borders.
    Clauses: 21 CFR 211.87
    Outside: packing, shipping and retest; expiry read from AI 17 with day 00 and from AI 7003
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
