Feature: Access
  Who may come in, and what each may do: by certificate, key and session, never by what is written
  in a message.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31

  @URS-IAM-001 @risk-high @OQ @mes @wms @blackbox
  Rule: Nothing is answered to who does not show who it is
    Every endpoint except /health and /version shall return 401 to a caller with a valid certificate
    but without signature or session; the test enumerates the OpenAPI document so no route can be
    forgotten.
    Clauses: 21 CFR 11.10(d)

    @accepts
    Scenario: Health and version are answered to everybody, an export to who signs
      When a caller with nothing but its certificate asks for health and version
      Then each of them is answered
      And the same caller gets every export when it signs

    @refuses
    Scenario Outline: Every published operation but two is refused without signature or session: <token>
      When a caller with nothing but its certificate and <token> calls every published operation
      Then each but health and version is refused with UNAUTHENTICATED and status 401
      And both systems show what they showed before

      Examples:
        | token                             |
        | no token                          |
        | a token that was given to nobody  |

  @URS-IAM-002 @risk-high @OQ @mes @wms @blackbox
  Rule: Each may do what the permission matrix names, and nothing else
    For every (role × operation) pair in the permission matrix the interface shall allow or deny
    exactly as the matrix says; any pair missing from the matrix shall be denied.
    Clauses: 21 CFR 11.10(g); EU GMP Annex 11 §12.1

    @accepts
    Scenario: Who has the duty gets past the permission
      Given a person with each single duty, and one with none
      When each of them calls every operation of people, where the matrix allows it
      Then none of them is refused for want of permission

    @refuses
    Scenario: Who has another duty, or none, is refused
      Given a person with each single duty, and one with none
      When each of them calls every operation of people, where the matrix denies it
      Then each is refused with NOT_PERMITTED and status 403
      And each refusal stands in the audit trail, and nothing else
      And both systems show what they showed before

    @accepts
    Scenario: A service account gets past the permission where it may call
      When the partner and the harness call every signed operation, where the matrix allows it
      Then none of them is refused for want of permission

    @refuses
    Scenario: A service account is refused where it may not call
      When the partner and the harness call every signed operation, where the matrix denies it
      Then each is refused with NOT_PERMITTED and status 403
      And each refusal stands in the audit trail, and nothing else
      And both systems show what they showed before

  @URS-SEC-004 @risk-high @OQ @mes @wms @blackbox
  Rule: Who sent it is what certificate and key say
    The identity used for authorisation and journal shall be the one from the verified
    certificate/signature, never from a body field or forwarded header from an untrusted hop.
    Clauses: 21 CFR 11.10(g); 21 CFR 11.10(h)

    @accepts
    Scenario: A message is posted under the account of its certificate, whatever a header says
      Given a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the MES counterpart sends a pick request with headers that name the harness
      Then it is acknowledged
      And journal and audit trail name the account of its certificate and key

    @refuses
    Scenario Outline: A message in the name of another system is refused: <message>
      Given a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When a counterpart sends <message> in the name of another system
      Then it is refused with IDENTITY_MISMATCH at source
      And nothing has changed but the record of this and its refusal
      And a repeat is refused again in the same words

      Examples:
        | message             |
        | a pick request      |
        | a lot status change |
        | a pick confirmation |

    @refuses
    Scenario: A header lends nobody the account of another
      Given a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When the harness sends a pick request with headers that name the MES counterpart
      Then it is refused with NOT_PERMITTED as a whole
      And the status of the answer is 403
      And nothing has changed but the record of this and its refusal
      And a repeat is refused with the code UNAUTHENTICATED, because its nonce is used

    @refuses
    Scenario: A key counts only under its own certificate
      Given a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      When somebody sends a pick request by the key of the MES counterpart and another certificate
      Then it is refused with UNAUTHENTICATED at header:signature
      And the status of the answer is 401
      And nothing has changed but the record of this and its refusal
      And a repeat is refused with the same code
