Feature: Packing and shipping
  What an order makes is packed into cases under labels that were read back, put onto pallets, and
  leaves for a customer when all of it is released.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And an order that packs lot P of tablets, expiring on 2026-12-31

  @URS-PAK-001 @risk-high @OQ @mes @blackbox
  Rule: Every logistic unit gets an SSCC of the site's own range, and no number comes twice
    Packing shall commission an SSCC with a valid check digit from the site's own range, never
    issued twice, also across restart and restore.
    Clauses: GS1 General Specifications 7.9; 21 CFR 211.130(c)
    Outside: restart and restore, which need control of the host; URS-BKP-003 tries a restore

    @accepts
    Scenario: Labels count up through the range of their line, each with its check digit
      When the packer prints labels for 3 cases of 2 units of lot P
      Then the 3 SSCCs are the first 3 of the range of the line, each with a valid check digit
      And each number stands on one label alone

    @accepts
    Scenario: A spoiled number is never issued again
      Given the packer has printed a label for a case of 2 units of lot P
      And the packer has spoiled the label for the reason "torn in the printer"
      When the packer prints labels for 2 cases of 2 units of lot P
      Then the 2 SSCCs are the second and the third of the range of the line
      And each number stands on one label alone

    @refuses
    Scenario: Past the end of the range no number is issued
      Given a packaging line whose range has 9 numbers, and 9 labels printed on it
      When the packer prints one more label on that line
      Then it is refused with RANGE_EXHAUSTED at packagingLineId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario Outline: A label that belongs to nothing gets no number: <label>
      When the packer prints a label <label>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | label                                | code                   | path            |
        | on a packaging line nobody knows     | UNKNOWN_PACKAGING_LINE | packagingLineId |
        | on a printer nobody knows            | UNKNOWN_PRINTER        | printerId       |
        | for an order nobody knows            | UNKNOWN_ORDER          | orderId         |
        | for an order that is not started     | ORDER_NOT_STARTED      | orderId         |
        | for a lot that the order does not make | UNKNOWN_LOT          | lotId           |

  @URS-PAK-002 @risk-high @PQ @mes @wms @blackbox
  Rule: A unit is closed only under a label that was read back and says what the record says
    A pack shall be confirmed only after its printed label was read back and every field equals the
    record; a jam, a misprint or a reprint shall leave no orphaned and no doubled SSCC, and shall
    appear in label reconciliation.
    Clauses: 21 CFR 211.125(b); 21 CFR 211.125(c); 21 CFR 211.130; 21 CFR 211.134(a)

    @accepts
    Scenario: A case is closed under the label that was printed and read back
      Given the packer has printed a label for a case of 2 units of lot P
      And a scanner has read the printed label, and MES has compared it
      When the packer closes the case with its 2 units
      Then the command is done
      And the image of the label says its SSCC, item, expiry, count and lot
      And after delivery both systems show one container of 2 units of lot P under its SSCC
      And both systems show lot P as QUARANTINE
      And the labels of the order are 1 issued, 1 applied, 0 spoiled, 0 void, 0 open

    @accepts
    Scenario: A jam, a misprint and a reprint leave one SSCC per case and balance
      Given the packer has printed a label for a case of 2 units of lot P
      And the label was lost in a jam and printed once more under the same SSCC
      And a scanner has read the printed label, and MES has compared it
      And the packer has printed a label for a case of 2 units of lot P that came out smeared
      And the packer has spoiled the label for the reason "smeared, not readable"
      When the packer closes the case with its 2 units
      Then the command is done
      And after delivery both systems show one container of 2 units of lot P under its SSCC
      And neither system shows a container under the SSCC of the smeared label
      And the labels of the order are 3 issued, 1 applied, 1 spoiled, 1 void, 0 open

    @refuses
    Scenario Outline: A label that says something else is not taken: <difference>
      Given the packer has printed a label for a case of 2 units of lot P
      When a scanner reads a label with <difference>
      Then it is refused with <code> at scan
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | difference               | code            |
        | another SSCC             | LABEL_MISMATCH  |
        | another item             | LABEL_MISMATCH  |
        | another lot              | LABEL_MISMATCH  |
        | another expiry           | LABEL_MISMATCH  |
        | another count            | LABEL_MISMATCH  |
        | no expiry                | LABEL_MISMATCH  |
        | a net weight in addition | LABEL_MISMATCH  |
        | its digits as plain text | SCAN_UNREADABLE |
        | a wrong check digit      | SCAN_UNREADABLE |

    @refuses
    Scenario: A case is not closed under a label that nobody read back
      Given the packer has printed a label for a case of 2 units of lot P
      When the packer closes the case with its 2 units
      Then it is refused with LABEL_NOT_VERIFIED at labelId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario Outline: A label that is gone closes nothing: <gone>
      Given the packer has printed a label for a case of 2 units of lot P
      And a scanner has read the printed label, and MES has compared it
      And that label was <gone>
      When the packer closes a case with 2 units under that label
      Then it is refused with LABEL_NOT_OPEN at labelId
      And nothing has changed but the record of this and its refusal

      Examples:
        | gone                    |
        | spoiled                 |
        | replaced by a reprint   |
        | applied to another case |

  @URS-LBL-003 @risk-medium @OQ @mes @blackbox
  Rule: The labels of an order are accounted for, each of them
    Labels issued = applied + returned + spoiled + destroyed shall balance to 0 or to a recorded,
    justified difference within limits; excess lot-coded labels are destroyed.
    Clauses: 21 CFR 211.125(c); 21 CFR 211.125(d)
    Outside: labels returned to stock, which no label printed with its lot ever is

    @accepts
    Scenario: Labels that were applied and destroyed balance to zero
      Given case 1 with 2 units of lot P
      And a label for lot P that was spoiled, and one that was replaced by a reprint and applied
      When the packer counts 2 labels applied and 2 destroyed for the order of lot P
      Then the command is done
      And MES shows 4 labels issued and a difference of 0 for lot P

    @accepts
    Scenario: A difference within the limit is recorded with its reason
      Given an order that packs lot Q of tablets, expiring on 2026-12-31, of which 1 label may be missing
      And case 1 with 2 units of lot Q
      And a label for lot Q that was spoiled, and one that was replaced by a reprint and applied
      When the packer counts 2 labels applied and 1 destroyed for the order of lot Q, "lost in the shredder"
      Then the command is done
      And MES shows 4 labels issued and a difference of 1 for lot Q, "lost in the shredder"

    @refuses
    Scenario Outline: What does not balance is not closed: <count>
      Given an order that packs lot Q of tablets, expiring on 2026-12-31, of which 1 label may be missing
      And case 1 with 2 units of lot Q
      And a label for lot Q that was spoiled, and one that was replaced by a reprint and applied
      When the packer counts <count>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | count                                                                       | code                | path    |
        | 2 labels applied and 1 destroyed for the order of lot Q                     | REASON_TOO_SHORT    | reason  |
        | 2 labels applied and 0 destroyed for the order of lot Q, "lost in the bin"  | LABELS_NOT_BALANCED | orderId |
        | 3 labels applied and 1 destroyed for the order of lot Q, "counted so"       | LABELS_NOT_BALANCED | orderId |

    @refuses
    Scenario: While a label is about nothing is closed
      Given case 1 with 2 units of lot P
      And the packer has printed a label for a case of 2 units of lot P
      When the packer counts 2 labels applied and 0 destroyed for the order of lot P
      Then it is refused with LABELS_OPEN at orderId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: Once the labels are counted none is printed any more
      Given case 1 with 2 units of lot P
      And the packer has counted 1 label applied and 0 destroyed for the order of lot P
      When the packer prints one more label for lot P
      Then it is refused with LABELS_RECONCILED at orderId
      And nothing has changed but the record of this and its refusal

  @URS-PAK-003 @risk-high @OQ @mes @wms @blackbox
  Rule: Each serial number stays reachable through its case and pallet
    Each unit's serial shall stay reachable through case and pallet; children lost, doubled or packed
    twice shall be refused.
    Clauses: FD&C Act §582; Regulation (EU) 2016/161 Art. 15

    @accepts
    Scenario: Every serial number leads to its case and its pallet in both systems
      Given case 1 with 2 units of lot P
      And case 2 with 3 units of lot P
      When the packer puts cases 1 and 2 onto a pallet labelled for 5 units of lot P
      Then the command is done
      And after delivery both systems show each of the 5 serial numbers in its case on the pallet

    @refuses
    Scenario Outline: What is lost, doubled or packed twice is refused: <units>
      Given case 1 with 2 units of lot P
      And the packer has printed a label for a case of 2 units of lot P
      And a scanner has read the printed label, and MES has compared it
      When the packer closes the case with <units>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | units                         | code               | path       |
        | one unit of the two           | COUNT_NOT_DECLARED | serials    |
        | one unit more                 | COUNT_NOT_DECLARED | serials    |
        | one unit scanned twice        | CHILD_DOUBLED      | serials[1] |
        | one unit that is in case 1    | ALREADY_PACKED     | serials[0] |

  @URS-AGG-001 @risk-high @OQ @mes @wms @blackbox
  Rule: What is inside what is a tree
    Parent–child aggregation shall be a tree: no child in two open parents, no cycle, counts equal to
    declared; illegal actions refused.
    Clauses: FD&C Act §582; Regulation (EU) 2016/161 Art. 4(a); Regulation (EU) 2016/161 Art. 15

    @accepts
    Scenario: Cases that the warehouse palletizes stand on one pallet in both systems
      Given case 1 with 2 units of lot P
      And case 2 with 3 units of lot P
      When the shipper puts cases 1 and 2 onto a pallet in the warehouse
      Then the command is done
      And after delivery both systems show each of the 5 serial numbers in its case on the pallet

    @refuses
    Scenario Outline: The warehouse refuses what would make no tree: <children>
      Given case 1 with 2 units of lot P
      And case 2 with 3 units of lot P
      And case 1 stands on pallet 1 in the warehouse
      When the shipper puts <children>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | children                           | code              | path        |
        | case 1 onto pallet 2               | ALREADY_PACKED    | children[0] |
        | case 1 onto pallet 1 again         | ALREADY_PACKED    | children[0] |
        | case 2 twice onto pallet 2         | CHILD_DOUBLED     | children[1] |
        | pallet 1 onto pallet 1             | AGGREGATION_CYCLE | children[0] |
        | an unknown case onto pallet 2      | UNKNOWN_UNIT      | children[0] |
        | case 1 into case 2                 | CONTAINER_IN_USE  | parent      |

    @refuses
    Scenario: A pallet is not put onto one that it carries
      Given case 1 with 2 units of lot P
      And case 1 stands on pallet 1 in the warehouse
      And pallet 1 stands on pallet 2 in the warehouse
      When the shipper puts pallet 2 onto pallet 1
      Then it is refused with AGGREGATION_CYCLE at children[0]
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario Outline: Packing refuses a pallet that its label does not describe: <pallet>
      Given an order that packs lot Q of tablets, expiring on 2027-03-31
      And case 1 with 2 units of lot P
      And case 2 with 3 units of lot Q
      When the packer puts <pallet>
      Then it is refused with <code> at children
      And nothing has changed but the record of this and its refusal

      Examples:
        | pallet                                                       | code               |
        | case 1 onto a pallet labelled for 3 units of lot P           | COUNT_NOT_DECLARED |
        | cases 1 and 2 onto a pallet labelled for 5 units of lot P    | LABEL_MISMATCH     |

    @accepts
    Scenario: A case that was taken off its pallet stands on another one, and on that one alone
      Given a rework bench and loose totes
      And case 1 with 2 units of lot P
      And case 2 with 3 units of lot P
      And cases 1 and 2 stand on a pallet
      And it is 2026-03-30 10:00 at the site
      And the shipper has taken case 1 out of the pallet for REPACKING
      And it is 2026-03-30 11:00 at the site
      When the shipper puts case 1 onto pallet 2
      Then the command is done
      And after delivery both systems tell, of each instant, what stood in what
        | at               | unit   | in         |
        | 2026-03-30 09:30 | case 1 | the pallet |
        | 2026-03-30 10:30 | case 1 | nothing    |
        | 2026-03-30 11:30 | case 1 | pallet 2   |

  @URS-STA-006 @risk-high @OQ @mes @wms @blackbox
  Rule: A hold on a lot locks everything that holds any of it
    A hold on a lot shall lock every container, case and pallet that holds any of it, at every level
    of aggregation, in both systems.
    Clauses: 21 CFR 211.89; 21 CFR 211.142(a)

    @accepts
    Scenario: A hold locks the case and the pallet of several lots, and the release frees them
      Given an order that packs lot Q of tablets, expiring on 2027-03-31
      And quality has released lot P
      And quality has released lot Q
      And case 1 with 2 units of lot P
      And case 2 with 3 units of lot Q
      And case 3 with 1 units of lot Q
      And cases 1 and 2 stand on a pallet
      When quality blocks lot P for the reason "complaint on tablet colour"
      Then after delivery both systems show case 1 and the pallet as locked, cases 2 and 3 as free
      And when two persons of quality release lot P again, both systems show all of them as free

    @refuses
    Scenario Outline: What is locked does not move: <move>
      Given an order that packs lot Q of tablets, expiring on 2027-03-31
      And quality has released lot P
      And quality has released lot Q
      And case 1 with 2 units of lot P
      And case 2 with 3 units of lot Q
      And case 3 with 1 units of lot Q
      And cases 1 and 2 stand on a pallet
      And quality has blocked lot <lot>
      When <who> <move>
      Then it is refused with CONTAINER_LOCKED at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | lot | who         | move                                               | path        |
        | P   | the shipper | ships the pallet                                   | ssccs[0]    |
        | Q   | the shipper | ships the pallet                                   | ssccs[0]    |
        | Q   | the shipper | ships case 3                                       | ssccs[0]    |
        | Q   | the shipper | puts case 3 onto a pallet in the warehouse         | children[0] |
        | Q   | the packer  | puts case 3 onto a pallet labelled for 1 units     | children[0] |

    @refuses
    Scenario Outline: Of a lot that was taken out of use nothing more is labelled or packed: <status>
      Given the packer has printed a label for a case of 2 units of lot P
      And a scanner has read the printed label, and MES has compared it
      And quality has decided that lot P is <status>
      When the packer <what>
      Then it is refused with CONTAINER_LOCKED at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | status   | what                             | path    |
        | BLOCKED  | closes the case with its 2 units | labelId |
        | REJECTED | closes the case with its 2 units | labelId |
        | RECALLED | closes the case with its 2 units | labelId |
        | RECALLED | prints one more label for lot P  | lotId   |

  @URS-PAK-004 @risk-high @OQ @mes @wms @blackbox
  Rule: Only closed units of released lots in date leave the site
    Only closed SSCCs whose whole content is RELEASED, in date and above the customer's minimum shelf
    life shall ship; consignee and content are kept.
    Clauses: 21 CFR 211.142(a); 21 CFR 211.150(b); 21 CFR 211.192

    @accepts
    Scenario: A released pallet leaves, and both systems keep what it held and who has it
      Given quality has released lot P
      And case 1 with 2 units of lot P
      And case 2 with 3 units of lot P
      And cases 1 and 2 stand on a pallet
      When the shipper ships the pallet to a customer who wants 30 days of shelf life
      Then the command is done
      And after delivery both systems show 5 units of lot P in 2 cases on the pallet at the customer
      And neither system shows any stock of lot P

    @accepts
    Scenario: On the last instant that leaves the full days a case may go
      Given quality has released lot P
      And case 1 with 2 units of lot P
      And it is 2026-12-02 00:00 at the site
      When the shipper ships case 1 to a customer who wants 30 days of shelf life
      Then the command is done

    @refuses
    Scenario Outline: What is not released, not in date or not closed stays: <unit>
      Given an order that packs lot Q of tablets, expiring on 2026-12-31
      And quality has released lot P
      And case 1 with 2 units of lot P
      And case 2 with 3 units of lot Q
      And cases 1 and 2 stand on a pallet
      And case 3 with 1 units of lot P
      And case 4 with 1 units of lot Q
      And case 5 with 1 units of lot P that was shipped before
      And it is <time> at the site
      When the shipper ships <unit> to a customer who wants 30 days of shelf life
      Then it is refused with <code> at ssccs[0]
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | unit                               | time                    | code                 |
        | case 4                             | 2026-03-30 10:00        | LOT_NOT_RELEASED     |
        | the pallet                         | 2026-03-30 10:00        | LOT_NOT_RELEASED     |
        | case 1                             | 2026-03-30 10:00        | UNIT_NOT_CLOSED      |
        | case 5                             | 2026-03-30 10:00        | UNKNOWN_UNIT         |
        | a case that was labelled alone     | 2026-03-30 10:00        | UNKNOWN_UNIT         |
        | case 3                             | 2026-12-02 00:00:00.001 | SHELF_LIFE_TOO_SHORT |
        | case 3                             | 2027-01-01 00:00        | LOT_EXPIRED          |

    @refuses
    Scenario: Nobody ships to a customer that is not known
      Given quality has released lot P
      And case 1 with 2 units of lot P
      When the shipper ships case 1 to a customer nobody knows
      Then it is refused with UNKNOWN_CUSTOMER at customerId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: One lot on a pallet that is too near to its expiry keeps the whole pallet
      Given an order that packs lot Q of tablets, expiring on 2026-06-30
      And quality has released lot P
      And quality has released lot Q
      And case 1 with 2 units of lot P
      And case 2 with 3 units of lot Q
      And cases 1 and 2 stand on a pallet
      And it is 2026-06-15 09:00 at the site
      When the shipper ships the pallet to a customer who wants 30 days of shelf life
      Then it is refused with SHELF_LIFE_TOO_SHORT at ssccs[0]
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer
