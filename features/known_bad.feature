Feature: Systems that are known to be bad
  The harness is right about good systems only if it is right about bad ones.

  @URS-IDM-007 @risk-high @OQ @tool @whitebox
  Rule: A system that takes a repeat for a new message is found defective
    The harness shall run IDM-002/005 against a seeded defective twin (no dedupe; dedupe in a second
    transaction) and shall report it defective.
    Clauses: 21 CFR 11.10(a)
    Outside: the campaign of 1,000 kills on both twins, which a test of the house runs

    @accepts
    Scenario: Repeats and deaths on the systems as they are come to nothing
      Given it is 2026-03-30 09:00 at the site
      When pick confirmations are repeated, with and without a death of MES on the way
      Then each was posted once, under one answer

    @control
    Scenario Outline: The same repeats and deaths find a twin that <twin>
      Given it is 2026-03-30 09:00 at the site
      When pick confirmations are repeated, with and without a death of MES on the way, on a twin that <twin>
      Then the twin is reported defective where <where>

      Examples:
        | twin                              | where                                      |
        | remembers nothing                 | it was repeated, killed at inbox.after-commit |
        | remembers in a second transaction | killed at inbox.after-record               |
