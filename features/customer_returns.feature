Feature: Customer returns
  What a customer sends back is verified against what left, and held apart until quality decides.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And an order that packs lot P of tablets, expiring on 2026-12-31
    And quality has released lot P
    And case 1 with 3 units of lot P

  @URS-RET-002 @risk-high @OQ @mes @wms @blackbox
  Rule: What a customer sends back enters in quarantine, verified against the shipment
    A customer return shall enter as QUARANTINE with SSCC and serials verified against the shipment.
    Clauses: 21 CFR 211.204

    @accepts
    Scenario: A case comes back with two of its three units
      Given case 2 with 2 units of lot P
      And cases 1 and 2 stand on a pallet
      And the shipper has shipped the pallet
      When the receiver takes back case 1 with its first 2 units
      Then the command is done
      And after delivery both systems show 2 units of case 1 at the dock as QUARANTINE
      And both systems show case 1 on no pallet, with its first 2 units
      And both systems show its third unit as SHIPPED
      And both systems show the return with shipment, customer and serial numbers
      And the message about the return tells EPCIS of receiving returned and holding non_sellable_other

    @accepts
    Scenario: Whatever a message calls it, MES enters it in quarantine
      Given the shipper has shipped case 1
      When the WMS counterpart sends the return of case 1 as RELEASED
      Then it is acknowledged
      And MES shows 3 units of case 1 at the dock as QUARANTINE

    @accepts
    Scenario: What comes back of a recalled lot is not laxer than its lot
      Given the shipper has shipped case 1
      And quality has recalled lot P
      When the receiver takes back case 1 with its first 3 units
      Then the command is done
      And after delivery both systems show 3 units of case 1 at the dock as RECALLED

    @refuses
    Scenario Outline: What did not leave so is not taken back: <what>
      Given case 2 with 1 units of lot P
      And the shipper has shipped case 1
      When the receiver takes back <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                        | code                 | path          |
        | case 1 with a unit of case 2                | UNKNOWN_SERIAL       | serials[1]    |
        | case 1 with one unit scanned twice          | CHILD_DOUBLED        | serials[1]    |
        | case 1 with 2 units of which one is scanned | COUNT_NOT_DECLARED   | serials       |
        | case 1 with 4 units                         | RETURN_ABOVE_SHIPPED | quantity      |
        | case 1 in kilograms                         | UNIT_NOT_BASE_UNIT   | quantity.unit |
        | case 2, which never left                    | NOT_IN_SHIPMENT      | scan          |
        | case 1 of a shipment nobody knows           | UNKNOWN_SHIPMENT     | shipmentId    |
        | case 1 by its digits as plain text          | SCAN_UNREADABLE      | scan          |
        | case 1 at a place nobody knows              | UNKNOWN_LOCATION     | locationId    |
        | case 1 at the packing place                 | WRONG_PURPOSE        | locationId    |
        | case 1 for the reason "bad"                 | REASON_TOO_SHORT     | reason        |

    @refuses
    Scenario: A case comes back once
      Given the shipper has shipped case 1
      And the receiver has taken back case 1
      When the receiver takes back case 1 with its first 3 units
      Then it is refused with ALREADY_RETURNED at scan
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: What came back is not shipped again before quality has decided
      Given the shipper has shipped case 1
      And the receiver has taken back case 1
      When the shipper ships case 1
      Then it is refused with LOT_NOT_RELEASED at ssccs[0]
      And nothing has changed but the record of this and its refusal

  @URS-RCV-007 @risk-high @OQ @mes @wms @blackbox
  Rule: Quality decides by signature about a container that is blocked or came back
    A container that is blocked, or in quarantine by itself, shall stay so until quality decides on
    it by signature: released by two persons, returned to the supplier, or destroyed.
    Clauses: 21 CFR 211.204; 21 CFR 211.110(c); 21 CFR 11.50
    Outside: the shipment back to the supplier

    @accepts
    Scenario: Released by two persons it is as its lot again, and ships
      Given the shipper has shipped case 1
      And the receiver has taken back case 1
      When quality decides RELEASE about case 1, signed by quality and another person
      Then the command is done
      And after delivery both systems show 3 units of case 1 at the dock as RELEASED
      And the shipper can ship case 1 once more

    @accepts
    Scenario Outline: Rejected it leaves the books when it is destroyed: <decision>
      Given the shipper has shipped case 1
      And the receiver has taken back case 1
      When quality decides <decision> about case 1, signed by quality
      Then the command is done
      And after delivery both systems show 3 units of case 1 at the dock as REJECTED

      Examples:
        | decision           |
        | DESTROY            |
        | RETURN_TO_SUPPLIER |

    @refuses
    Scenario Outline: Nobody else decides, and nobody about anything else: <decision>
      Given case 2 with 1 units of lot P
      And the shipper has shipped case 1
      And the receiver has taken back case 1
      When quality decides <decision>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | decision                                                          | code                      | path            |
        | RELEASE about case 1, signed by quality                           | SECOND_SIGNATURE_REQUIRED | secondSignature |
        | RELEASE about case 1, signed by quality and quality               | SECOND_SIGNATURE_REQUIRED | secondSignature |
        | RELEASE about case 1, signed by quality and production            | SIGNATURE_REFUSED         | secondSignature |
        | DESTROY about case 1, signed by another person                    | SIGNATURE_REFUSED         | signature       |
        | DESTROY about case 2, signed by quality                           | NOTHING_TO_DECIDE         | container       |
        | DESTROY about a case that was labelled alone, signed by quality   | UNKNOWN_CONTAINER         | container       |
        | DESTROY about case 1, signed by quality for the reason "bad"      | REASON_TOO_SHORT          | reason          |
