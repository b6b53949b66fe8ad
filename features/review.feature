Feature: Periodic review
  What happened to the systems since they were last reviewed is looked at by a person, in time.

  @URS-CHG-004 @risk-medium @IQ @mes @wms @tool @blackbox
  Rule: A periodic review is drafted, signed, and due at an interval
    A periodic review of changes, incidents, access, audit trail, restores and KPI trends shall be
    generated, signed and due at an interval; overdue fails IQ.
    Clauses: EU GMP Annex 11 §11
    Outside: runs of the harness and drift from an approved baseline, which the command adds; the access reviews, which administrators export

    @accepts
    Scenario: What happened since the last review stands in the next one, topic by topic
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And the systems are reviewed up to here
      And MES has raised an alarm about its clock
      And support has acknowledged the alarm
      And an open deviation about an adjustment of lot A
      When the administrator gives somebody an account
      And the systems are reviewed again
      Then the new review lists each of these under its topic
        | topic      | what                        |
        | incidents  | the alarm, and who looked   |
        | deviations | the open deviation          |
        | access     | the new account             |
        | auditTrail | the administrator's act     |
        | restores   | backups of both systems     |
        | keyFigures | the figures of 2026-03-30   |
      And nothing of it stood in the one before

    @control
    Scenario: What an earlier review has seen is not in the next one, unless it is still open
      Given it is 2026-03-30 09:00 at the site
      And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
      And MES has raised an alarm about its clock
      And support has acknowledged the alarm
      And an open deviation about an adjustment of lot A
      And the systems are reviewed up to here
      When the systems are reviewed again
      Then the new review lists the open deviation, and not the alarm
      And it says how much was read of both systems

    @control
    Scenario Outline: IQ fails or the review is refused: <what>
      When a signed review is held against its systems, <what>
      Then it is found about the review, because <why>

      Examples:
        | what                                      | why                              |
        | a second after the next one was due       | the periodic review is overdue   |
        | and is of another target                  | is of the target                 |
        | and came to not fit for use               | NOT_FIT_FOR_USE                  |
        | and is dated tomorrow                     | which is to come                 |
        | and nobody has assessed the restores      | nobody has assessed restores     |
        | and is due in 367 days                    | intervalDays                     |
        | and names no actions that it asks for     | names none                       |
        | and its material was changed afterwards   | another one                      |
        | and its material has an entry more        | entries in the material          |
        | and nothing is wrong with it              | nothing                          |
