Feature: Doors and credentials
  Who has no certificate of the site does not get in; who has stolen one gets no further than its
  owner's messages.

  @URS-SEC-006 @risk-high @OQ @mes @wms @blackbox
  Rule: A stolen credential reaches no evidence
    A single compromised MES credential shall not be able to read, alter or delete journal or
    evidence.
    Clauses: 21 CFR 11.10(e)

    @accepts
    Scenario: The credential of MES still reads what it reconciles with
      Given it is 2026-03-30 09:00 at the site
      When the credential of MES reads what the warehouse shows to its partner
      Then each of them is answered with status 200

    @refuses
    Scenario: The credential of MES reads no evidence of the warehouse
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the credential of MES reads journal, audit trail, alarms and dead letters of the warehouse
      Then each of these tries is refused with NOT_PERMITTED
      And the evidence of the warehouse holds every row that it held, and the tries

    @refuses
    Scenario: The credential of MES alters and deletes nothing
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      When the credential of MES tries to change and delete the evidence of the warehouse by every method, and to use the harness's operations
      Then each of these tries is refused with NOT_PERMITTED, METHOD_NOT_ALLOWED or NOT_FOUND
      And the evidence of the warehouse holds every row that it held, and the tries
