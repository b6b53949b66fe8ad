Feature: Signatures
  A signature says who signed, in which role, when and meaning what. It belongs to the bytes of one
  version of one record, and is given only by people who may sign.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31

  @URS-SIG-001 @risk-high @OQ @mes @blackbox
  Rule: Every signature shows who, in which role, when and meaning what
    Every signed record shall show printed name, user id, role, UTC date-time with zone, and meaning,
    in API, screen, PDF and CSV.
    Clauses: 21 CFR 11.50(a); 21 CFR 11.50(b)
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §13.6
    Outside: screen, PDF and CSV, which are printed from the export that is tried here

    @accepts
    Scenario: A release shows the whole signature, and what was signed
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When quality signs the release of lot A
      Then the command is done
      And the signature under lot A shows printed name, user id, role, meaning, and the time in UTC and with the zone of the site
      And the record that was signed is the decision about lot A
      And every signature of the scenario belongs to its record, by the system and by the judge

    @refuses
    Scenario: A signature without a meaning is none
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When quality signs the release of lot A and says of its meaning only "ok"
      Then it is refused with SCHEMA_VIOLATION at signature.meaning
      And nothing has changed but the record of this and its refusal

  @URS-SIG-002 @risk-high @OQ @mes @blackbox
  Rule: A signature cannot be moved
    A signature moved to another record, another version of the record, or another record type shall
    be reported invalid (1,000 random transplants: 0 accepted).
    Clauses: 21 CFR 11.70
    Outside: the number of 1,000, of which a run tries every move between its own signatures; a test of the house tries 1,000

    @accepts
    Scenario: Every signature belongs to its own record
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And quality has released lot A by signature
      When another person signs the release of lot B
      Then the command is done
      And every signature of the scenario belongs to its record, by the system and by the judge

    @refuses
    Scenario: A signature in another place is invalid
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And quality has released lot A by signature
      And quality has released lot B by signature
      When each signature is moved to every other record, version and type
      Then every transplant is reported invalid, by the system and by the judge
      And a signature that nobody gave is reported as unknown

  @URS-SIG-003 @risk-high @OQ @mes @blackbox
  Rule: A signed record that changed is unsigned
    Any later change of a signed record shall be refused or make the record appear as unsigned
    everywhere.
    Clauses: 21 CFR 11.70
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §13.8
    Outside: records that are changed in the database of a running system, which takes a host

    @accepts
    Scenario: A batch record that changed after its completion is unsigned until it is completed anew
      Given lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
      And lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      And quality has completed the batch record of lot P
      And a piece of the packed case is missing, and a deviation says so
      Then the batch record of lot P appears as unsigned everywhere
      When quality completes the batch record of lot P
      Then the command is done
      And the batch record of lot P appears as signed everywhere

    @refuses
    Scenario: A result that was reviewed stays as it is
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine
      And the analyst has found a loss on drying of 5.0 % in lot A
      When the analyst records another loss on drying of the same sample
      Then it is refused with RESULT_RECORDED at test
      And nothing has changed but the record of this and its refusal
      And the signature of the review of lot A still belongs to its result

  @URS-SIG-004 @risk-high @OQ @mes @blackbox
  Rule: The first signature of a session needs all components, and no signature needs none
    First signing in a session shall need all components; later signings in the same unbroken session
    at least the private component; after session end, lock or 15 min idle again all; a session token
    alone shall never sign.
    Clauses: 21 CFR 11.200(a)(1)(i); 21 CFR 11.200(a)(1)(ii)
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §13.3

    @accepts
    Scenario: After a first signature with all components the password is enough
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And quality has released lot A by signature
      When quality signs the release of lot B with the password alone
      Then the command is done

    @refuses
    Scenario Outline: The password alone is not enough: <when>
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And <when>
      When quality signs the release of lot B with the password alone
      Then it is refused with SIGNATURE_INCOMPLETE at signature.code
      And nothing has changed but the record of this and its refusal

      Examples:
        | when                                                                     |
        | quality has not signed in this session                                   |
        | quality has released lot A by signature, and 15 minutes have passed      |
        | quality has released lot A by signature, and begun a session elsewhere   |
        | quality has released lot A by signature, been locked and unlocked        |

    @refuses
    Scenario: An open session does not sign
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And quality has released lot A by signature
      When quality releases lot B with no signature
      Then it is refused with SIGNATURE_REQUIRED at signature
      And nothing has changed but the record of this and its refusal

  @URS-SIG-005 @risk-high @OQ @mes @blackbox
  Rule: Who sets a password anew cannot sign with it
    An administrator who resets a password shall not be able to sign as that user without the user's
    second component.
    Clauses: 21 CFR 11.200(a)(3)

    @accepts
    Scenario: With the new password and the own authenticator the person signs
      Given lot A on hold, which two persons have to release
      And the password of quality was set anew
      When another person releases lot A, and quality signs second with the new password and a code
      Then the command is done

    @refuses
    Scenario: With the new password alone nobody signs, also where the person signed before
      Given lot A on hold, which two persons have to release
      And lot B on hold, which two persons have to release
      And another person has released lot A, and quality has signed second
      And the password of quality was set anew
      When another person releases lot B, and quality signs second with the new password alone
      Then it is refused with SIGNATURE_INCOMPLETE at secondSignature.code
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: Who got password and authenticator from one administrator signs nothing
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And the administrator has set password and authenticator of quality anew
      When quality signs the release of lot A
      Then it is refused with SIGNING_NOT_ENABLED at signature
      And nothing has changed but the record of this and its refusal

    @accepts
    Scenario: Once another administrator has set one of them the person signs
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And the administrator has set password and authenticator of quality anew
      And the second administrator has set the authenticator of quality anew
      When quality signs the release of lot A
      Then the command is done

    @accepts
    Scenario: Who replaces it by one of the own signs with that, and what counted until then counts no more
      Given lot A on hold, which two persons have to release
      And the password of quality was set anew
      And quality has replaced it by one of the own at a sign-in
      When another person releases lot A, and quality signs second with the own password and a code
      Then the command is done
      And the password and the session of until then count no more

    @refuses
    Scenario: The password that was replaced signs nothing
      Given lot A on hold, which two persons have to release
      And the password of quality was set anew
      And quality has replaced it by one of the own at a sign-in
      When another person releases lot A, and quality signs second with the new password and a code
      Then it is refused with SIGNATURE_REFUSED at secondSignature
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: The administrator who knows both components replaces the password, and signs nothing with it
      Given lot A on hold, which two persons have to release
      And the administrator has set password and authenticator of quality anew
      And quality has replaced it by one of the own at a sign-in
      When another person releases lot A, and quality signs second with the own password and a code
      Then it is refused with SIGNING_NOT_ENABLED at secondSignature
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A password is not replaced by itself
      Given the password of quality was set anew
      When quality signs in with it, and asks for the same as the new one
      Then it is refused with PASSWORD_UNCHANGED at newPassword
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A password that was refused as the new one is the administrator's still
      Given lot A on hold, which two persons have to release
      And the password of quality was set anew
      And quality has asked for the same as the new one, in vain
      And the administrator has set the authenticator of quality anew
      When another person releases lot A, and quality signs second with the new password and a code
      Then it is refused with SIGNING_NOT_ENABLED at secondSignature
      And nothing has changed but the record of this and its refusal

    @accepts
    Scenario: Whose password is the own may get an authenticator from the administrator who set the one before
      Given lot A on hold, which two persons have to release
      And the password of quality was set anew
      And quality has replaced it by one of the own at a sign-in
      And the administrator has set the authenticator of quality anew
      When another person releases lot A, and quality signs second with the own password and a code
      Then the command is done

    @refuses
    Scenario Outline: Once <who> <change>, the password alone signs nothing, also where the person signed before
      Given lot A on hold, which two persons have to release
      And lot B on hold, which two persons have to release
      And another person has released lot A, and quality has signed second
      And <who> <change>
      When another person releases lot B, and quality signs second with the usual password alone
      Then it is refused with SIGNATURE_INCOMPLETE at secondSignature.code
      And nothing has changed but the record of this and its refusal

      Examples:
        | who                      | change                                    |
        | the second administrator | has set the authenticator of quality anew |
        | the administrator        | has revoked the authenticator of quality  |

  @URS-SIG-006 @risk-high @OQ @mes @blackbox
  Rule: Tester, reviewer and approver are three persons
    Tester, reviewer and approver of one report shall be three different persons.
    Clauses: 21 CFR 11.10(g); 21 CFR 11.10(j)

    @accepts
    Scenario: The results of a lot are approved by a third person
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine
      And the laboratory has found an assay of 100.0 %, a loss on drying of 5.0 % in lot A
      When quality signs the release of lot A
      Then the command is done
      And every signature of the scenario belongs to its record, by the system and by the judge

    @refuses
    Scenario: Who reviewed a result does not approve it
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And the second analyst has the duty of quality and of an analyst
      And sampled lot A of starch, 25.000 kg, in quarantine
      And the laboratory has found an assay of 100.0 %, a loss on drying of 5.0 % in lot A
      When the second analyst signs the release of lot A
      Then it is refused with SIGNERS_NOT_DIFFERENT at signature.userId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

    @refuses
    Scenario: Who found one result of a sample does not review another
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine
      And the analyst has found a loss on drying of 5.0 % in lot A
      When the second analyst finds an assay of 100.0 % in lot A, reviewed by the analyst
      Then it is refused with SIGNERS_NOT_DIFFERENT at review.userId
      And nothing has changed but the record of this and its refusal

  @URS-SIG-007 @risk-medium @OQ @mes @blackbox
  Rule: Only who is known, has promised and is trained may sign
    Signing shall be enabled only when identity-verification record, accountability acknowledgement
    and valid training record ids exist for the person.
    Clauses: 21 CFR 11.100(b); 21 CFR 11.10(i); 21 CFR 11.10(j)

    @accepts
    Scenario: With all three on file, the training on its last day, a release is signed
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And quality has on file a training that is valid until today
      When quality signs the release of lot A
      Then the command is done

    @refuses
    Scenario Outline: Without one of them nobody signs: <what>
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And quality has on file <what>
      When quality signs the release of lot A
      Then it is refused with SIGNING_NOT_ENABLED at signature
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                            |
        | no identity-verification record |
        | no acknowledgement              |
        | no training record              |
        | a training that ended yesterday |

    @accepts
    Scenario: Who got an account signs once an administrator has put all three on file
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And somebody new got an account with the duty of quality, and cannot sign the release of lot A
      When the administrator puts all three records of the newcomer on file
      Then the command is done
      And the access review of MES shows what is on file of the newcomer
      And the newcomer signs the release of lot A

    @refuses
    Scenario: What was withdrawn lets nobody sign any more
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      And the administrator has withdrawn the training of quality
      When quality signs the release of lot A
      Then it is refused with SIGNING_NOT_ENABLED at signature
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: Nobody enables oneself
      When the warehouse's administrator puts the own records on file
      Then it is refused with OWN_ACCOUNT at personId
      And nothing has changed but the record of this and its refusal
