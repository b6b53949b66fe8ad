Feature: Secrets
  Passwords, authenticators, tokens and keys are where they are used, and nowhere else.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31

  @URS-SVC-003 @risk-high @IQ @mes @wms @blackbox
  Rule: No secret stands where somebody could read it
    No secret shall appear in the repository, image, log, journal or evidence bundle; seeded canary
    secrets shall be found by the check (recall 100 %).
    Clauses: EU GMP Annex 11 §12
    Outside: logs of systems that run elsewhere; they are looked at on site

    @accepts
    Scenario: What people show and are given stands nowhere afterwards
      Given everything is logged and recorded from here on
      When a newcomer is given an account, signs in, mistypes, signs, gets new credentials and replaces the password
      Then none of these secrets is in an export, the log or the record of the scenario
      And no file of the product holds anything that looks like a secret

    @control
    Scenario: A canary of every kind is found in every place
      Given everything is logged and recorded from here on
      When a newcomer is given an account, signs in, mistypes, signs, gets new credentials and replaces the password
      And a canary of every kind is put into a copy of every place
      Then every canary is found, and the one that was sent in a message is found in the journal
