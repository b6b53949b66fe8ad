Feature: Custody
  A pallet or a case is broken for rework, for a return or to be packed anew, and put together
  again; what was inside what, and where it went, stays known.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And an order that packs lot P of tablets, expiring on 2026-12-31
    And a rework bench and loose totes
    And case 1 with 3 units of lot P
    And case 2 with 2 units of lot P

  @URS-AGG-002 @risk-high @OQ @mes @wms @blackbox
  Rule: What was inside what at any past time can be told
    De-aggregation, partial de-aggregation and re-aggregation shall keep history; state at any past
    time shall be reproducible.
    Clauses: 21 CFR 11.10(e)

    @accepts
    Scenario: Both systems tell of each past instant what was inside what
      Given cases 1 and 2 stand on a pallet
      And it is 2026-03-30 10:00 at the site
      And the shipper has taken case 1 out of the pallet for REWORK
      And it is 2026-03-30 11:00 at the site
      And the packer has taken units 1 and 2 out of case 1 into tote 1 for REWORK
      And it is 2026-03-30 12:00 at the site
      And the shipper has put unit 1 of case 1 back from tote 1 into case 1
      And it is 2026-03-30 13:00 at the site
      When the shipper puts case 1 onto pallet 2
      Then the command is done
      And after delivery both systems tell, of each instant, what stood in what
        | at                      | unit             | in      |
        | 2026-03-30 08:59        | case 1           | nothing |
        | 2026-03-30 09:30        | case 1           | the pallet |
        | 2026-03-30 09:59:59.999 | case 1           | the pallet |
        | 2026-03-30 10:00        | case 1           | nothing |
        | 2026-03-30 10:30        | case 2           | the pallet |
        | 2026-03-30 10:30        | unit 2 of case 1 | case 1  |
        | 2026-03-30 11:30        | unit 1 of case 1 | tote 1  |
        | 2026-03-30 11:30        | unit 2 of case 1 | tote 1  |
        | 2026-03-30 11:30        | unit 3 of case 1 | case 1  |
        | 2026-03-30 12:30        | unit 1 of case 1 | case 1  |
        | 2026-03-30 12:30        | unit 2 of case 1 | tote 1  |
        | 2026-03-30 13:30        | case 1           | pallet 2   |
      And both systems tell the same history, and its open periods are what they show as inside now

    @accepts
    Scenario Outline: What comes out is out in both systems, and no piece is lost: <what>
      Given case 1 stands on pallet 1 in the warehouse
      And case 2 stands on pallet 1 in the warehouse
      And what was done so far is known to both
      When <who> takes <what> for <purpose>
      Then the command is done
      And after delivery both systems show these in stock
        | unit   | pieces  | in   |
        | case 1 | <one>   | <in> |
        | tote 1 | <loose> | nothing |
        | case 2 | 2       | <two> |

      Examples:
        | who         | what                                 | purpose   | one  | loose | in       | two      |
        | the packer  | case 1 out of pallet 1               | REWORK    | 3    | none  | nothing  | pallet 1 |
        | the shipper | all out of pallet 1                  | RETURN    | 3    | none  | nothing  | nothing  |
        | the packer  | unit 1 out of case 1 into tote 1     | REWORK    | 2    | 1     | pallet 1 | pallet 1 |
        | the shipper | all out of case 1 into tote 1        | REPACKING | none | 3     | pallet 1 | pallet 1 |

    @accepts
    Scenario Outline: News that overtakes other news gives the same tree: to <role>
      Given case 1 stands on pallet 1 in the warehouse
      And what was done so far is known to both
      When a counterpart tells <role> that case 1 was put onto pallet 2, and then that it left pallet 1
      Then the <role> shows case 1 on pallet 2, since it left pallet 1

      Examples:
        | role |
        | MES  |
        | WMS  |

    @refuses
    Scenario Outline: What is not there is not taken out, by <who>: <what>
      Given case 1 stands on pallet 1 in the warehouse
      And what was done so far is known to both
      When <who> takes <what> for REWORK
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | who         | what                                    | code          | path        |
        | the shipper | case 2 out of pallet 1                  | NOT_IN_UNIT   | children[0] |
        | the packer  | unit 1 twice out of case 1 into tote 1  | CHILD_DOUBLED | children[1] |
        | the packer  | case 1 out of pallet 9                  | UNKNOWN_UNIT  | parent      |
        | the shipper | all out of tote 9 into tote 1           | UNKNOWN_UNIT  | parent      |

    @refuses
    Scenario Outline: What does not lie loose is not put back: <what>
      Given an order that packs lot Q of tablets, expiring on 2027-03-31
      And case 3 with 1 units of lot Q
      And the packer has taken units 1 and 2 out of case 1 into tote 1 for REWORK
      When the shipper puts <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | what                                          | code         | path        |
        | unit 3 of case 1 back from tote 1 into case 1 | NOT_IN_UNIT  | children[0] |
        | unit 1 of case 1 back from tote 1 into case 3 | OTHER_LOT    | parent      |
        | unit 1 of case 1 back from tote 1 into case 9 | UNKNOWN_UNIT | parent      |

  @URS-RET-001 @risk-high @OQ @mes @wms @blackbox
  Rule: Who breaks a unit keeps custody of what comes out
    Breaking a pallet or case for rework or return shall keep custody: what left, when, by whom,
    where it is now, and re-aggregation shall link to it.
    Clauses: FD&C Act §582

    @accepts
    Scenario: What left, when, by whom, where it is now, and what followed
      Given quality has released lot P
      And case 1 stands on pallet 1 in the warehouse
      And it is 2026-03-30 10:00 at the site
      And the shipper has taken case 1 out of pallet 1 for RETURN
      And it is 2026-03-30 11:00 at the site
      And the packer has taken units 1 and 2 out of case 1 into tote 1 for REWORK
      And it is 2026-03-30 12:00 at the site
      And the packer has put unit 1 of case 1 back from tote 1 into case 1
      And it is 2026-03-30 13:00 at the site
      And case 1 stands on pallet 2 in the warehouse
      When the shipper ships pallet 2
      Then the command is done
      And after delivery both systems show custody of what was taken out
        | what             | left     | when             | by          | for    | now in   | where       | followed by |
        | case 1           | pallet 1 | 2026-03-30 10:00 | the shipper | RETURN | pallet 2 | a customer  | pallet 2    |
        | unit 1 of case 1 | case 1   | 2026-03-30 11:00 | the packer  | REWORK | case 1   | a customer  | case 1      |
        | unit 2 of case 1 | case 1   | 2026-03-30 11:00 | the packer  | REWORK | tote 1   | the bench   | nothing     |

    @accepts
    Scenario: A case on hold comes off its pallet, so that the rest may go
      Given an order that packs lot Q of tablets, expiring on 2027-03-31
      And quality has released lot P
      And quality has released lot Q
      And case 3 with 1 units of lot Q
      And cases 1 and 3 stand on a pallet
      And quality has blocked lot Q
      And the shipper has taken case 3 out of the pallet for RETURN
      When the shipper ships the pallet
      Then the command is done

    @refuses
    Scenario Outline: Without custody nothing comes out, by <who>: <what>
      Given the packer has taken unit 1 out of case 2 into tote 2 for REWORK
      And case 2 stands on pallet 2 in the warehouse
      And what was done so far is known to both
      When <who> takes <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | who         | what                                                             | code               | path       |
        | the packer  | unit 1 out of case 1 for REWORK                                  | CONTAINER_REQUIRED | into       |
        | the shipper | unit 1 out of case 1 into case 2 for REWORK                      | CONTAINER_IN_USE   | into       |
        | the shipper | unit 1 out of case 1 into case 1 for REWORK                      | CONTAINER_IN_USE   | into       |
        | the packer  | case 2 out of pallet 2 for REWORK to a place nobody knows        | UNKNOWN_LOCATION   | locationId |
        | the shipper | case 2 out of pallet 2 for REWORK, giving "-" as the reason      | REASON_TOO_SHORT   | reason     |

    @refuses
    Scenario Outline: A case on hold is not opened, by <who>
      Given quality has blocked lot P
      When <who> takes unit 1 out of case 1 into tote 1 for REWORK
      Then it is refused with CONTAINER_LOCKED at parent
      And nothing has changed but the record of this and its refusal

      Examples:
        | who         |
        | the packer  |
        | the shipper |

  @URS-AGG-003 @risk-medium @OQ @mes @wms @blackbox
  Rule: A kit keeps what it is made of
    Kits shall keep every component's GTIN, lot and serial through packing and unpacking.
    Clauses: ISO 13485:2016 7.5.9

    @accepts
    Scenario: Both systems know each component of a kit, and its pieces are stock no longer
      Given case 3 with 2 syringes of lot S, and an order for kits of lot K
      When the packer puts kit 1 together of unit 1 of case 1 and unit 1 of case 3
      Then the command is done
      And after delivery both systems show each component of kit 1 with item, lot and serial number, in the kit
      And after delivery both systems show these in stock
        | unit   | pieces | in      |
        | case 1 | 2      | nothing |
        | case 3 | 1      | nothing |

    @accepts
    Scenario Outline: Packed, unpacked and opened, each component is what it was, by <who>
      Given case 3 with 2 syringes of lot S, and an order for kits of lot K
      And kit 1 was put together of unit 1 of case 1 and unit 1 of case 3, and packed into case 4
      And case 4 stands on pallet 1 in the warehouse
      And the shipper has taken case 4 out of pallet 1 for RETURN
      And the packer has taken unit 1 out of case 4 into tote 1 for RETURN
      When <who> opens kit 1 and puts its components into tote 2 and tote 3
      Then the command is done
      And after delivery both systems show each component of kit 1 with item, lot and serial number, in its tote
      And after delivery both systems show these in stock
        | unit   | pieces | in      |
        | case 4 | none   | nothing |
        | tote 1 | none   | nothing |
        | tote 2 | 1      | nothing |
        | tote 3 | 1      | nothing |

      Examples:
        | who         |
        | the packer  |
        | the shipper |

    @refuses
    Scenario Outline: What makes no kit is not put together: <what>
      Given case 3 with 2 syringes of lot S, and an order for kits of lot K
      And kit 2 was put together of unit 2 of case 1 and unit 2 of case 3
      And quality has blocked lot <held>
      When the packer puts <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | held | what                                                             | code             | path          |
        | K    | kit 1 together of unit 1 of case 1 and unit 1 of case 1          | CHILD_DOUBLED    | components[1] |
        | K    | kit 1 together of unit 1 of case 1 and unit 2 of case 3          | NOT_IN_UNIT      | components[1] |
        | K    | kit 2 together of unit 1 of case 1 and unit 1 of case 3          | ALREADY_PACKED   | kit           |
        | S    | kit 1 together of unit 1 of case 1 and unit 1 of case 3          | CONTAINER_LOCKED | components[1] |
        | K    | a syringe together of unit 1 of case 1 and unit 1 of case 3      | UNKNOWN_ITEM     | kit           |
        | K    | kit 1 together of unit 1 of case 1 and unit 1 of case 3 for no order | UNKNOWN_ORDER | orderId      |

    @refuses
    Scenario Outline: A kit is opened as a whole, with custody of what comes out, by <who>: <what>
      Given case 3 with 2 syringes of lot S, and an order for kits of lot K
      And kit 1 was put together of unit 1 of case 1 and unit 1 of case 3, and packed into case 4
      When <who> opens <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | who         | what                                                                 | code             | path                    |
        | the packer  | kit 1 and puts its first component alone into tote 2                 | NOT_IN_UNIT      | components              |
        | the shipper | kit 1 and puts its components into tote 2 and tote 2                 | CONTAINER_IN_USE | components[1].container |
        | the shipper | kit 9 and puts its components into tote 2 and tote 3                 | UNKNOWN_UNIT     | kit                     |
        | the packer  | kit 1 and puts its components into tote 2 and tote 3, for no reason  | REASON_TOO_SHORT | reason                  |
        | the shipper | kit 1 and puts its components into tote 2 and tote 3, nowhere        | UNKNOWN_LOCATION | locationId              |
