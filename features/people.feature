Feature: People
  Accounts of people and of systems: who gets one, what opens it, what ends it, and who looks after
  all of them without doing the plant's work.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31

  @URS-IAM-003 @risk-high @OQ @mes @wms @blackbox
  Rule: Who looks after accounts does no GMP work
    A person with an administrator role shall hold no role that creates, changes, approves or releases
    GMP records; the assignment shall be refused by the server.
    Clauses: 21 CFR 11.10(g); EU GMP Annex 11 draft §11.10

    @accepts
    Scenario: An administrator may be an auditor as well
      When the administrator assigns administrator and auditor to the packer
      Then the command is done
      And the access review of MES shows the packer as administrator and auditor

    @refuses
    Scenario Outline: Nobody is an administrator and does GMP work: <what>
      When <what>
      Then it is refused with DUTIES_NOT_COMPATIBLE at duties
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                                                           |
        | the administrator assigns administrator and quality to the packer              |
        | the warehouse's administrator assigns administrator and support to the picker  |
        | the administrator opens an account with administrator and packer               |

    @refuses
    Scenario: Nobody gives duties to oneself
      When the administrator assigns quality to the administrator
      Then it is refused with OWN_ACCOUNT at personId
      And nothing has changed but the record of this and its refusal

  @URS-IAM-004 @risk-high @OQ @mes @wms @blackbox
  Rule: Who posted a transaction approves neither its reversal nor its replay
    The person who posted a transaction shall not be able to approve its reversal or its DLQ replay.
    Clauses: 21 CFR 11.10(g)

    @accepts
    Scenario: Another person declares the event of a count an error
      Given the counter has counted 24.900 kg of lot A
      When the supervisor corrects the event of the count with 24.800 kg
      Then the command is done

    @refuses
    Scenario: Who counted does not declare the event of the count an error
      Given the supervisor has counted 24.900 kg of lot A
      When the supervisor corrects the event of the count with 24.800 kg
      Then it is refused with OWN_TRANSACTION at eventId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: Who requested does not replay the dead letter of the request
      Given a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
      And the request of production for 10.000 kg has become a dead letter of MES
      And the one who requested has the duty of support as well
      When the one who requested replays the dead letter for the reason "receiver was repaired"
      Then it is refused with OWN_DEAD_LETTER at messageId
      And nothing has changed but the record of this and its refusal

  @URS-IAM-005 @risk-high @OQ @mes @wms @blackbox
  Rule: A user id is issued once, for ever
    A user id, once issued, shall never be issued to another person, also after deactivation; accounts
    are deactivated, not deleted.
    Clauses: 21 CFR 11.100(a); 21 CFR 11.300(a)

    @accepts
    Scenario: A new id opens an account, and a deactivated one stays in the review
      When the administrator opens an account with packer
      Then the command is done
      And the newcomer can sign in at MES
      And after its deactivation the newcomer is still in the access review of MES, and signs in no more

    @refuses
    Scenario Outline: The id of <whose> is not issued again
      When the administrator opens an account under the id of <whose>
      Then it is refused with ALREADY_EXISTS at personId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | whose                |
        | the packer           |
        | a deactivated person |

    @refuses
    Scenario: A deactivated account is not brought back
      When the administrator resets the credentials of a deactivated person
      Then it is refused with ACCOUNT_DEACTIVATED at personId
      And nothing has changed but the record of this and its refusal

  @URS-IAM-006 @risk-high @OQ @mes @wms @blackbox
  Rule: Five failures in a row lock the account until an administrator unlocks it
    After *5* consecutive failed authentications the account shall lock, only an administrator shall
    unlock it, and an alert shall reach the configured channel within *60 s*.
    Clauses: 21 CFR 11.300(d); EU GMP Annex 11 draft §11.7

    @accepts
    Scenario: Four failures lock nobody out
      When the packer fails 4 times with a wrong password
      Then the packer can sign in at MES

    @accepts
    Scenario: A locked account counts again when an administrator has unlocked it
      Given the packer has failed 5 times with a wrong password
      When the administrator unlocks the packer
      Then the command is done
      And the packer can sign in at MES

    @refuses
    Scenario Outline: The fifth failure locks, and alerts: <failure>
      When the packer fails 5 times with <failure>
      Then the packer cannot sign in at MES, with the right password and a new code either
      And MES has raised the alarm ACCOUNT_LOCKED about the packer within 60 s
      And the access review of MES shows the packer as locked

      Examples:
        | failure                          |
        | a wrong password                 |
        | a wrong code                     |
        | a wrong password in a signature  |

    @refuses
    Scenario: Who is no administrator unlocks nobody
      Given the packer has failed 5 times with a wrong password
      When production tries to unlock the packer
      Then it is refused with NOT_PERMITTED as a whole
      And the packer cannot sign in at MES, with the right password and a new code either

  @URS-IAM-007 @risk-high @OQ @mes @wms @blackbox
  Rule: A code counts once, and what is revoked counts no more
    Revoking a token or authenticator shall make it unusable within *60 s* on every node; a TOTP code
    shall be accepted at most once.
    Clauses: 21 CFR 11.300(c)

    @accepts
    Scenario: The next code opens another session, and a restored account counts again
      Given the packer has signed in at MES
      When the packer signs in at MES with the next code
      Then the sign-in is accepted
      And the account of continuous integration can be revoked and restored

    @refuses
    Scenario Outline: <code> opens no session
      Given the packer has signed in at MES
      When the packer signs in at MES with <code>
      Then the sign-in is refused

      Examples:
        | code                        |
        | the same code again         |
        | the code before that one    |
        | the code of two minutes ago |

    @refuses
    Scenario Outline: After <what> of an account was revoked it is of no use, 60 seconds later at the latest
      Given the packer has signed in at MES
      When the administrator revokes <what> of the packer
      Then 60 seconds later the session of the packer is refused
      And <so> in the access review of MES

      Examples:
        | what              | so                                    |
        | the sessions      | the packer is active                  |
        | the authenticator | the packer has new credentials        |

    @refuses
    Scenario: The revoked account of a system is of no use
      When the administrator revokes the account of continuous integration
      Then 60 seconds later continuous integration is refused with UNAUTHENTICATED

  @URS-IAM-008 @risk-medium @OQ @mes @wms @blackbox
  Rule: The access review shows every account
    An access-review export shall list 100 % of human and service accounts with roles, owner, last use
    and last credential change.
    Clauses: 21 CFR 11.300(b); EU GMP Annex 11 draft §11.11

    @accepts
    Scenario Outline: Everybody who has an account stands in the review of <system>
      Given the packer has signed in at <system>
      When the administrator of <system> asks for the access review
      Then it lists every person of the scenario once, with duties and owner
      And it lists every account of a system with its certificate, its list and its owner
      And it says when the packer last signed in, and when its credentials were last set

      Examples:
        | system |
        | MES    |
        | WMS    |

    @refuses
    Scenario: Who has no duty for it gets no access review
      When production asks MES for the access review
      Then it is refused with NOT_PERMITTED as a whole

  @URS-IAM-009 @risk-medium @OQ @mes @wms @blackbox
  Rule: An idle session ends
    An idle interactive session shall end after *15 min*; the user shall not be able to lengthen it.
    Clauses: EU GMP Annex 11 draft §11.8

    @accepts
    Scenario: A session that is used every 14 minutes goes on
      Given the picker has signed in at WMS
      When the session of the picker is used after 14 minutes, and again 14 minutes later
      Then each use was accepted

    @refuses
    Scenario: A session that was idle for 15 minutes is over
      Given the picker has signed in at WMS
      When the session of the picker is used after 15 minutes, and again 0 minutes later
      Then each use was refused with UNAUTHENTICATED

    @refuses
    Scenario: Nobody asks for a longer session
      When the picker signs in at WMS and asks for 60 idle minutes
      Then it is refused with SCHEMA_VIOLATION at idleMinutes

  @URS-SVC-001 @risk-high @OQ @mes @wms @blackbox
  Rule: The account of a system has one certificate, and calls what its list names
    MES, WMS and CI shall each use their own service account bound to one certificate and one
    allow-list of operations; a call outside the list shall be denied and journalled.
    Clauses: 21 CFR 11.10(g); 21 CFR 11.10(h)

    @accepts
    Scenario: Each account calls what its list names
      When the partner, the harness and continuous integration each call one operation of their list
      Then none of them is refused for want of permission
      And no two accounts share a certificate or a key

    @refuses
    Scenario: A call outside the list is denied and journalled
      When the partner, the harness and continuous integration each call what is outside their list
      Then each is refused with NOT_PERMITTED and status 403
      And each denied call stands in the journal under its account
      And both systems show what they showed before

  @URS-SVC-002 @risk-high @OQ @mes @wms @blackbox
  Rule: A system opens no session and signs nothing
    A service account shall not open an interactive session and shall not execute an electronic
    signature.
    Clauses: 21 CFR 11.100(a); 21 CFR 11.200(a)

    @accepts
    Scenario: A person signs in at a terminal and signs
      Given lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When quality releases lot B with the signature of quality
      Then the command is done

    @refuses
    Scenario Outline: <who> opens no session
      When <who> signs in at WMS with the credentials of the picker
      Then the sign-in is refused with <code>

      Examples:
        | who                                 | code            |
        | MES, over its own certificate       | NOT_PERMITTED   |
        | CI, over its own certificate        | NOT_PERMITTED   |
        | somebody under the name of a system | UNAUTHENTICATED |

    @refuses
    Scenario: The session of a person is of no use over the certificate of a system
      Given the picker has signed in at WMS
      When MES uses the session of the picker over its own certificate
      Then the use was refused with NOT_PERMITTED

    @refuses
    Scenario: The name of a system signs nothing
      Given lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When quality releases lot B with the signature of a system
      Then it is refused with SIGNATURE_REFUSED at signature
      And nothing has changed but the record of this and its refusal
