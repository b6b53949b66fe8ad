Feature: Change control
  What was qualified is known by its hash, and a change of it is seen, named and approved.

  @URS-CHG-001 @risk-high @IQ @mes @wms @whitebox
  Rule: The configuration is hashed, and drift is named
    The configuration baseline (versions, schema hashes, profile values, feature flags, DB grants) shall
    be hashed; any drift from the approved hash fails IQ and names the item.
    Clauses: 21 CFR 11.10(k); EU GMP Annex 11 §10

    @accepts
    Scenario: Work leaves the hash of the configuration as it was
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And lot B of lactose, 10.000 kg, released, expiring on 2026-12-31
      And quality has decided that lot A is BLOCKED, and the warehouse knows
      And the configuration of both systems is approved as it is
      When quality has decided that lot B is BLOCKED, and the warehouse knows
      Then the configuration has the approved hash, and no item drifts

    @control
    Scenario: Systems that are started in another way drift by just what is other about them
      Given systems that are just started, whose configuration is approved as it is
      When systems are started with these values
        | value            | is |
        | retryFirstDelayS | 3  |
        | recallMaxS       | 301 |
        | watchBacklogMax  | 50000 |
      And with a draft 2.0.0 of the contract
      Then the drift of each system is
        | item                           |
        | configuration/recallMaxS       |
        | configuration/retryFirstDelayS |
        | profile/recallMaxS             |
        | profile/retryFirstDelayS       |
        | profile/watchBacklogMax        |
        | version/contractVersions       |

    @control
    Scenario: Whatever item is changed, added or removed, it is named alone
      Given the configuration of both systems is approved as it is
      When each item of it is changed, removed and joined by another one
      Then each time the hash is another one, and the drift names that item alone
      And the items hold versions, schema hashes, profile values, feature flags and grants of both systems

  @URS-CHG-002 @risk-high @IQ @tool @blackbox
  Rule: Without an approved baseline a run is informal
    A change of the baseline shall need a change id and approval before the run counts as formal;
    otherwise the report is marked "informal".
    Clauses: EU GMP Annex 11 §10

    @accepts
    Scenario: A run on the approved configuration, by the approved plan, counts as formal
      Given the configuration of both systems is approved as it is
      When a run is started under the approval
      Then nothing makes the run informal

    @control
    Scenario Outline: It is informal with <what>
      Given the configuration of both systems is approved as it is
      When a run is started with <what>
      Then the run is informal or refused, because <why>

      Examples:
        | what                             | why                                          |
        | no approval                      | executed without an approved protocol        |
        | a change that nobody approved    | executed on another configuration            |
        | an approval of another plan      | is for another plan                          |
        | an approval for another target   | is for the target                            |
        | an approval that came afterwards | was approved after the run had begun         |
        | an approval without a change id  | changeId                                     |
        | an approval without a reason     | reason                                       |

  @URS-CHG-006 @risk-medium @IQ @mes @wms @blackbox
  Rule: Every limit carries what it rests on
    Every profile value shall carry rationale, risk item, owner and approval; a missing one fails IQ.
    Clauses: EU GMP Annex 11 §1

    @accepts
    Scenario: Each value that a system runs with has rationale, risk item, owner and approval
      When both systems show their site profiles
      Then each value has rationale, risk item, owner and approval, and is the approved one
      And each limit of the configuration stands in the profile with the same value

    @control
    Scenario: Whatever is missing of whichever value is found
      When both systems show their site profiles
      And of each value one thing after the other is taken out
      Then each time just that is found missing

  @URS-CHG-007 @risk-high @IQ @mes @wms @whitebox
  Rule: What is installed is the baseline, and nothing of a test is in production
    Installed files, packages, accounts and settings shall equal the baseline; the stimulus interface is
    absent outside test mode.
    Clauses: EU GMP Annex 11 §10
    See: EU GMP Annex 15
    Outside: accounts of people; the access review shows each of them (URS-IAM-008)

    @accepts
    Scenario: Outside test mode the stimulus interface is not there
      Given systems that are started as for production
      When the harness knocks at each stimulus operation
      Then each answers that there is no such thing, and everything else is there
      And the settings are those of the systems in test mode, but for the test mode

    @control
    Scenario: In test mode each is there, so a door that was left open is seen
      When the harness knocks at each stimulus operation
      Then each is there
