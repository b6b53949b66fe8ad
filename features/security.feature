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

  @URS-SEC-001 @risk-high @IQ @mes @wms @blackbox @needs-network
  Rule: A connection is TLS 1.3 or none
    Only TLS 1.3 shall be accepted unless the signed baseline names the exception; plain HTTP,
    TLS 1.1, unlisted TLS 1.2 and weak suites are refused; the baseline declares the system open or
    closed (11.30).
    Clauses: 21 CFR 11.30
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §15.20

    @accepts
    Scenario: TLS 1.3 is spoken, by systems that are declared as closed
      Given it is 2026-03-30 09:00 at the site
      When somebody knocks at both systems with a good certificate
      Then both answer over TLS 1.3, with a suite of authenticated encryption
      And both say that they are a closed system

    @refuses
    Scenario Outline: Anything else is turned away: <what>
      Given it is 2026-03-30 09:00 at the site
      When somebody knocks at both systems with <what>
      Then both turn it away, and no request reaches the application

      Examples:
        | what                                         |
        | plain HTTP                                   |
        | TLS 1.2                                      |
        | TLS 1.1                                      |
        | TLS 1.2 and a suite without forward secrecy  |

  @URS-SEC-002 @risk-high @OQ @mes @wms @blackbox @needs-network @needs-refused-certificates
  Rule: Without a certificate of the site nobody gets as far as the application
    Client certificate is required; no certificate, self-signed, expired, revoked, wrong SAN or
    wrong CA: 0 requests reach the application.
    Clauses: 21 CFR 11.10(h); 21 CFR 11.30

    @accepts
    Scenario: A certificate of the site opens the door
      Given it is 2026-03-30 09:00 at the site
      When somebody knocks at both systems with a good certificate
      Then both answer over TLS 1.3, with a suite of authenticated encryption

    @refuses
    Scenario Outline: Any other certificate is turned away: <what>
      Given it is 2026-03-30 09:00 at the site
      When somebody knocks at both systems with <what>
      Then both turn it away, and no request reaches the application

      Examples:
        | what                                         |
        | no certificate                               |
        | a self-signed certificate                    |
        | an expired certificate                       |
        | a revoked certificate                        |
        | a certificate made for another name          |
        | a certificate of another authority           |
        | a certificate of a name that has no account  |

  @URS-SEC-003 @risk-medium @PQ @mes @wms @blackbox @needs-network @needs-rotation
  Rule: Certificates and keys rotate while the site works
    Certificates and signing keys shall rotate with old and new valid together, at nominal load,
    with 0 failed messages and no restart.
    Clauses: 21 CFR 11.30

    @accepts
    Scenario: A rotation under load fails no message
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When certificates and signing keys of both systems rotate while messages go both ways
      Then each message was taken at its first attempt
      And both show another certificate than before, and neither was started anew
      And the audit trail of both names the keys before and after

    @refuses
    Scenario: A certificate that was revoked stays outside after a rotation
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When certificates and signing keys of both systems rotate while messages go both ways
      And somebody knocks at both systems with a revoked certificate
      Then both turn it away, and no request reaches the application

  @URS-SEC-005 @risk-high @IQ @mes @wms @blackbox @needs-network @needs-zones
  Rule: Between zones nothing is open but the declared conduits
    Only declared conduits (source zone, target zone, port, direction) shall be open; a port scan
    from each zone equals the declared list.
    Clauses: NIST SP 800-82r3; IEC 62443-3-2 ZCR 3
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §15.8

    @accepts
    Scenario: A port scan from each zone equals the declared list
      When every port of each zone is tried from all others
      Then open is what the site declares as a conduit, and nothing else

    @refuses
    Scenario: Who opens a port in a zone opens no way into it
      When somebody opens a port in each zone that no conduit leads to
      Then it is reached from no other zone

    @control
    Scenario: A way that nobody declared and a conduit that is closed are named
      When one conduit is struck out of the declaration, and one that is closed is added to it
      Then both are named, each with what is wrong with it
