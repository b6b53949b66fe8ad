Feature: What is supplied
  Software that is used and people who made it are known, and looked at while that is worth something.

  @URS-SEC-007 @risk-medium @IQ @tool @blackbox
  Rule: What is known against the installed software is looked at
    SBOM and vulnerability report shall be part of the bundle; a critical finding without a signed
    assessment fails IQ. The vulnerability source is a file with a date; its age is checked, its
    absence is INCONCLUSIVE.
    Clauses: EU GMP Annex 11 §12
    See: EU GMP Annex 11 draft of 2025, consultation draft, not in force, §15.13

    @accepts
    Scenario: Every installed package stands in the bill of materials, and a report about all of them is taken
      Given a bill of materials of the installed packages
      When a report of 10 days ago that knows of nothing critical is held against it
      Then the report is found passed
      And the bill of materials is the same from the same packages, and names each with its version

    @control
    Scenario Outline: A report is not taken: <what>
      Given a bill of materials of the installed packages
      When <what> is held against it
      Then the report is found <state>, because <why>

      Examples:
        | what                                                    | state        | why                      |
        | a report of 31 days ago                                 | failed       | days old                 |
        | a report of tomorrow                                    | failed       | which is to come         |
        | a report that knows of something critical               | failed       | no signed assessment     |
        | a report that knows of something that nobody rated      | failed       | no signed assessment     |
        | a critical one that is assessed for another version     | failed       | no signed assessment     |
        | a critical one that is assessed                         | passed       | nothing                  |
        | a report that left out a package                        | inconclusive | not looked at            |
        | a report without a date                                 | refused      | timestamp                |
        | a file that is something else                           | refused      | no CycloneDX document    |

  @URS-SUP-001 @risk-low @IQ @tool @blackbox
  Rule: The supplier of each connected system is assessed
    A supplier assessment record (questionnaire, conformance result, date, decision) shall exist for
    each connected vendor system, and its age is checked.
    Clauses: EU GMP Annex 11 §3

    @accepts
    Scenario: Each connected system stands in a record that is complete and young enough
      Given an assessment of the supplier of each connected system, 100 days ago
      When the records are held against the connected systems
      Then nothing is found about a supplier

    @control
    Scenario Outline: It is found where <what>
      Given an assessment of the supplier of each connected system, 100 days ago
      When the records are held against the connected systems, and <what>
      Then it is found about the warehouse's supplier, because <why>

      Examples:
        | what                              | why                         |
        | one is missing                    | has no assessment           |
        | one was made 1096 days ago        | at most 1095                |
        | one is dated tomorrow             | which is to come            |
        | one came to a rejection           | was rejected                |
        | one is about another release      | assessed was                |
        | one found the system not conformant | NOT CONFORMANT            |
        | one has no questionnaire          | questionnaire               |
