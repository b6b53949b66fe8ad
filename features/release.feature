Feature: Release to production
  Production runs what was qualified, under an approved change, by the word of a person, with a way
  back.

  @URS-CHG-005 @risk-high @IQ @mes @wms @tool @whitebox
  Rule: Production accepts the baseline that passed OQ, and no other one
    Production shall accept only the baseline hash that passed OQ, under an approved change, with
    verified backup, rehearsed roll-back and IQ afterwards.
    Clauses: EU GMP Annex 11 §10
    Outside: the seal of the bundle and the keys of people, which tests of the house forge; the checks of IQ that the command runs in production afterwards

    @accepts
    Scenario: What passed under an approved change is released, and production shows it
      Given systems that are started as for production
      And a formal run passed on the approved configuration
      When it is released, with test mode closed, and held against production
      Then nothing stands against the release, and nothing in production is other

    @control
    Scenario: Production that runs with another limit is found by each item that shows it
      Given systems that are just started, whose configuration is approved as it is
      And a formal run passed on the approved configuration
      And production runs with the value 301 of recallMaxS
      When it is released, with test mode closed, and held against production
      Then these items of each system are found, and no other one
        | item                     |
        | configuration/recallMaxS |
        | profile/recallMaxS       |

    @control
    Scenario Outline: Nothing is released where <what>
      Given the configuration of both systems is approved as it is
      And a formal run passed on the approved configuration
      When it is released, with test mode closed, where <what>
      Then it is refused, because <why>

      Examples:
        | what                                           | why                                 |
        | the OQ failed                                  | the OQ came to FAILED               |
        | the PQ came to nothing certain                 | the PQ came to INCONCLUSIVE         |
        | no OQ was executed                             | the OQ came to no verdict           |
        | nobody knows who signed the run                | the run is informal                 |
        | nobody had approved the baseline               | without an approved baseline        |
        | it ran on another configuration                | on another configuration            |
        | it tried one requirement alone                 | some requirements alone             |
        | no place of backups is declared                | was not told where                  |
        | the last backup is too old                     | the last verified backup of the WMS |
        | no restore was ever tried                      | has no restore test                 |
        | its form waited until the way back was too old | verified backup of the WMS          |
        | test mode is meant to stay open                | has to be false                     |
        | nobody says who releases it                    | releasedBy                          |
        | the items were changed afterwards              | do not have the hash                |
        | it goes to another production                  | the release is for                  |
