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

  @URS-AUD-008 @risk-medium @PQ @mes @wms @blackbox
  Rule: The complete trail of a thing is exported, sorted and searched without losing a row
    For any batch, material, container or user the complete trail shall be exported as PDF and as
    JSON/CSV with equal row counts, sortable and searchable, within 60 s for 100 k rows.
    Clauses: 21 CFR 11.10(b); EU GMP Annex 11 §8
    See: draft EU GMP Annex 11 (2025) 12.9
    Outside: the PDF and the 60 s for 100 k rows, which tests of the house measure

    @accepts
    Scenario: A batch, a material, a container and a person have whole trails of as many rows in each form
      Given lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      When everything due is delivered
      Then the trails of the batch of lot P, its material, the container of lot A and production are whole
      And each has as many rows in CSV as in JSON, sorted by time and account as well
      And each is searched for the container of lot A, and every row in which it stands is found

    @control
    Scenario: A row that is missing in one form is found
      Given lot P of tablets was made out of 4.000 kg of lot A, and everything was recorded
      When everything due is delivered
      Then the trail of the batch of lot P with a row less in CSV, or another row twice, does not pass
