Feature: Laboratory
  A lot is sampled and tested before it is used: the result gives its assay, and without good
  results nobody releases it.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31

  @URS-LIM-001 @risk-high @OQ @mes @blackbox
  Rule: Results give a lot its assay and allow its release
    A laboratory result shall set the lot's assay potency and make release possible; a failed or
    missing result shall block release.
    Clauses: 21 CFR 211.84(a)
    See: 21 CFR 211.165(a)

    @accepts
    Scenario Outline: A lot with good results is released, and its assay is on record: <assay> %
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine
      And the analyst has found a loss on drying of 12.5 % in lot A
      When the analyst finds an assay of <assay> % in lot A
      Then the command is done
      And MES shows the assay of lot A as <assay> % by its method, PASSED, with limits, analyst and reviewer
      And quality can release lot A

      Examples: both limits are within
        | assay |
        | 98.0  |
        | 102.0 |

    @accepts
    Scenario: What is dispensed is reckoned with the assay that the laboratory found
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine, staged
      And the analyst has found a loss on drying of 5.0 % in lot A
      And the analyst has found an assay of 101.5 % in lot A
      And quality has released lot A of starch
      And a started order for exactly 10.150 kg of starch at 100 % potency
      When the dispenser weighs 10.000 kg of lot A as the final part
      Then the command is done
      And production shows 10.000 kg of lot A issued to the order
      And after delivery the issue carries the potency 101.5 %

    @accepts
    Scenario: A material without a specification needs no result
      Given lot A of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31
      When quality releases lot A with a signature
      Then the command is done

    @refuses
    Scenario Outline: A lot is not released: <what>
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine
      And the laboratory has found <what> in lot A
      When quality releases lot A with a signature
      Then it is refused with <code> at lotId
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                            | code           |
        | nothing                                         | RESULT_MISSING |
        | an assay of 100.0 %                             | RESULT_MISSING |
        | a loss on drying of 5.0 %                       | RESULT_MISSING |
        | an assay of 97.9 %, a loss on drying of 5.0 %   | RESULT_FAILED  |
        | an assay of 102.1 %, a loss on drying of 5.0 %  | RESULT_FAILED  |
        | an assay of 100.0 %, a loss on drying of 12.6 % | RESULT_FAILED  |

    @refuses
    Scenario: A good result of another sample does not wash a failed one away
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine
      And the laboratory has found an assay of 97.9 %, a loss on drying of 5.0 % in lot A
      And another sample of lot A, in which the laboratory has found an assay of 100.0 %
      When quality releases lot A with a signature
      Then it is refused with RESULT_FAILED at lotId
      And nothing has changed but the record of this and its refusal

    @refuses
    Scenario: A failed assay is no potency
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine
      When the analyst finds an assay of 97.9 % in lot A
      Then the command is done
      And MES shows the assay of lot A as 97.9 % by its method, FAILED, and no potency

    @refuses
    Scenario Outline: A result that is none of this lot's tests is refused: <what>
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine
      And the analyst has found a loss on drying of 5.0 % in lot A
      When the analyst records <what>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal
      And a repeat gets the stored answer

      Examples:
        | what                                        | code              | path          |
        | an assay of a sample nobody took            | UNKNOWN_SAMPLE    | sampleId      |
        | a test that nobody specified                | UNKNOWN_TEST      | test          |
        | an assay in milligrams                      | TEST_UNIT_DIFFERS | unit          |
        | an assay of 100.0001 %                      | ASSAY_TOO_FINE    | value         |
        | another loss on drying of the same sample   | RESULT_RECORDED   | test          |

    @refuses
    Scenario Outline: A result without a second person's review is refused: <review>
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine
      When the analyst finds an assay of 100.0 % in lot A, reviewed by <review>
      Then it is refused with <code> at <path>
      And nothing has changed but the record of this and its refusal

      Examples:
        | review                                     | code                  | path          |
        | the analyst                                | VERIFIER_IS_PERFORMER | review.userId |
        | the second analyst with a wrong password   | SIGNATURE_REFUSED     | review        |
        | production                                 | SIGNATURE_REFUSED     | review        |

    @refuses
    Scenario Outline: A retest date that no result can give is refused: <what>
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And sampled lot A of starch, 25.000 kg, in quarantine
      When the analyst finds an assay of <assay> % in lot A, to be tested again after <day>
      Then it is refused with RETEST_DATE_NOT_ALLOWED at retestOn
      And nothing has changed but the record of this and its refusal

      Examples:
        | what                  | assay | day        |
        | the result failed     | 97.9  | 2026-09-30 |
        | it does not lie ahead | 100.0 | 2026-03-30 |
        | after the expiry day  | 100.0 | 2027-01-01 |

    @refuses
    Scenario: A released lot gets no retest date
      Given starch that needs an assay of 98.0 to 102.0 % and a loss on drying of at most 12.5 %
      And lot A of starch, 25.000 kg, released, to be tested again after 2026-06-30, sampled
      When the analyst finds an assay of 100.0 % in lot A, to be tested again after 2026-09-30
      Then it is refused with RETEST_DATE_NOT_ALLOWED at retestOn
      And nothing has changed but the record of this and its refusal
