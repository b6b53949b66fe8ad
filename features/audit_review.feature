Feature: Review of the audit trail
  Who reviews an audit trail is led to what is out of the ordinary.

  Background:
    Given it is 2026-03-30 09:00 at the site
    And a scale whose calibration ends on 2026-12-31
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31, staged
    And lot B of lactose, 25.000 kg, in quarantine, expiring on 2026-12-31

  @URS-AUD-007 @risk-medium @OQ @mes @wms @blackbox
  Rule: The exception report lists what is out of the ordinary, and nothing else
    The audit-trail exception report shall list every seeded anomaly (after-hours change, repeated
    correction, admin action, clock change, late entry) and no unseeded one on the reference data set.
    Clauses: EU GMP Annex 11 §9
    See: PIC/S PI 041-1 §9.8

    @accepts
    Scenario: A batch that was made in the ordinary way is in no exception report
      Given the audit trails up to here have been reviewed
      And lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      When everything due is delivered
      Then the exception report lists nothing, over entries of both systems

    @control
    Scenario: Each seeded anomaly is listed once, with who did it, and nothing else
      Given lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      And the audit trails up to here have been reviewed
      When quality changes its mind about lot B three times
      And production enters a line clearance that ended 3 hours ago
      And the administrator gives somebody an account
      And at 23:30 quality blocks lot A
      And somebody sets both clocks back to 10:00
      And everything due is delivered
      Then the exception report lists these and nothing else
        | anomaly             | system | by                |
        | repeated correction | MES    | quality           |
        | late entry          | MES    | production        |
        | admin action        | MES    | the administrator |
        | after-hours change  | MES    | quality           |
        | clock change        | MES    | MES itself        |
        | clock change        | WMS    | WMS itself        |
