Feature: Backup and restore
  What was kept can be had again, and it is known beforehand that it can.

  Background:
    Given both systems run on machines that can be killed
    And it is 2026-03-30 09:00 at the site
    And lot A of lactose, 25.000 kg, released, expiring on 2026-12-31
    And a started order for 10.000 kg of lactose by version 3 of its approved bill of materials
    And production has requested 10.000 kg for the order

  @URS-BKP-001 @risk-high @OQ @mes @wms @whitebox
  Rule: A backup holds everything, of one point, taken while the system runs
    Backup shall contain database, journal, outbox, inbox/dedupe, DLQ, keys' public parts,
    configuration, taken at one consistent point while running.
    Clauses: 21 CFR 211.68(b); EU GMP Annex 11 (2011) 7.2
    See: draft EU GMP Annex 11 (2025) 16

    @accepts
    Scenario: A backup of a running warehouse is its state at one point
      When the picker scans the container of lot A and brings 4.000 kg in a container of its own
      And the warehouse is backed up while it runs
      And the picker scans the container of lot A and brings 2.000 kg in a container of its own
      Then the backup verifies
      And it holds journal, outbox, inbox, dead letters, public keys and configuration
      When the backup is restored on an empty host
      Then the warehouse shows what it showed when it was backed up, and not what came later
      And the pick from before is known under its key, with its answer

    @refuses
    Scenario: A backup replaces no other
      When the warehouse is backed up while it runs
      Then a second backup into the same folder is refused, and the first one still verifies

  @URS-BKP-002 @risk-high @PQ @mes @wms @whitebox
  Rule: A restored system is whole, agrees with its partner, and works
    Restore to an empty host shall pass journal verification, reconciliation and a smoke OQ within
    RTO *4 h*; measured and reported.
    Clauses: EU GMP Annex 11 (2011) 7.2
    See: draft EU GMP Annex 11 (2025) 15.7, 16.6

    @accepts
    Scenario: The warehouse is restored on an empty host and goes on
      When the picker scans the container of lot A and brings 4.000 kg in a container of its own
      And the warehouse is backed up while it runs
      And the backup is restored on an empty host
      Then its journal is whole from the first row
      And after delivery both systems show 4.000 kg of lot A in staging
      When the picker scans the container of lot A and brings 2.000 kg in a container of its own
      Then the command is done
      And after delivery both systems show 6.000 kg of lot A in staging
      And the restore took less than 4 hours, as measured

    @refuses
    Scenario: Nothing is restored over a database that is there
      When the warehouse is backed up while it runs
      Then a restore on the running warehouse's host is refused, and the warehouse is as before

  @URS-BKP-003 @risk-high @PQ @mes @wms @whitebox
  Rule: What was exchanged after the backup is had again or reported, and nothing is posted twice
    After restore to a point t in the past, messages sent or received after t shall be re-obtained or
    reported; no double posting at the partner (dedupe survives), gap list complete.
    Clauses: 21 CFR 11.10(c)

    @accepts
    Scenario: The warehouse is restored to before a pick, a hold and a refused request
      Given lot B of lactose, 5.000 kg, released, expiring on 2026-12-31
      When the picker scans the container of lot A and brings 4.000 kg in a container of its own
      And the warehouse is backed up while it runs
      And everything due is delivered
      And the picker scans the container of lot A and brings 2.000 kg in a container of its own
      And quality blocks lot B for the reason "a seal is broken"
      And production requests more than the order has left
      And everything due is delivered
      And the backup is restored on an empty host
      And everything due is delivered
      Then each message of MES is on record in the warehouse, answered once
      And after delivery both systems show lot B as BLOCKED
      And the gap list of the warehouse is complete: what it had received it has again, what it had sent is named
      And MES has raised the alarm PARTNER_RESTORED about the warehouse once
      And MES has posted 6.000 kg of the request, and nothing twice
      When the picker tries to bring 3.000 kg of lot A
      And everything due is delivered
      Then MES has posted 9.000 kg of the request, and nothing twice

    @refuses
    Scenario: Nothing new is begun before the partner has told what is missing
      When the warehouse is backed up while it runs
      And MES is down
      And the backup is restored on an empty host
      And the picker tries to bring 2.000 kg of lot A
      Then it is told RECOVERING, that it can be tried again, and that nothing was done
      When MES is up again and everything due is delivered
      And the picker tries to bring 2.000 kg of lot A
      Then the command is done

    @accepts
    Scenario: MES was restored before, so that its journal is another than the warehouse knows
      Given lot B of lactose, 5.000 kg, released, expiring on 2026-12-31
      When MES is backed up while it runs
      And the picker scans the container of lot A and brings 4.000 kg in a container of its own
      And quality blocks lot B for the reason "a seal is broken"
      And production requests more than the order has left
      And 6 minutes pass at the site
      And 6 minutes pass at the site
      And 6 minutes pass at the site
      And the warehouse is backed up while it runs
      And MES is restored on an empty host
      And everything due is delivered
      And quality blocks lot A for the reason "a sack is torn"
      And everything due is delivered
      Then the journal of MES is still shorter than the warehouse's backup has it
      When the backup is restored on an empty host
      And everything due is delivered
      Then each message of MES is on record in the warehouse, answered once
      And after delivery both systems show lot A as BLOCKED

    @refuses
    Scenario: What was on its way before the restore does not meet the numbers that are given anew
      Given the warehouse reaches MES over a hop that is not MES
      When the warehouse is backed up while it runs
      And the hop keeps the messages of the warehouse
      And the picker scans the container of lot A and brings 4.000 kg in a container of its own
      And everything due is delivered
      And the hop lets everything pass again
      And the backup is restored on an empty host
      And everything due is delivered
      And what the hop kept arrives at MES
      Then MES takes none of it, because it was signed before the restore
      When the picker tries to bring 3.000 kg of lot A
      And everything due is delivered
      Then MES has posted 3.000 kg of the request, and nothing twice

    @refuses
    Scenario: What the partner tells counts only as the partner signed it
      Given the warehouse reaches MES over a hop that is not MES
      When the warehouse is backed up while it runs
      And the hop changes what MES tells a restored warehouse
      And the backup is restored on an empty host
      And everything due is delivered
      And the picker tries to bring 2.000 kg of lot A
      Then it is told RECOVERING, that it can be tried again, and that nothing was done
      And the warehouse has raised the alarm REPLY_NOT_SIGNED

    @refuses
    Scenario: What was closed or used up after the backup does not come back open
      When the picker and the warehouse's administrator sign in
      And the warehouse is backed up while it runs
      And a request is signed, answered, and kept by somebody
      And the warehouse's administrator closes the account of the picker
      And the backup is restored on an empty host, with the account of the administrator reviewed
      Then the sessions of before have ended, and the picker cannot sign in
      And the kept request is refused, because it was signed before the restore
      And the gap list names the locked accounts, which the administrator can unlock

    @accepts
    Scenario: A packaging line that was first used after the backup labels no number twice
      Given an order that packs lot P of tablets, expiring on 2026-12-31
      When both systems are backed up while they run
      And the packer prints labels for 2 cases of 2 units of lot P
      And MES is restored on an empty host
      And everything due is delivered
      And the packer prints labels for 2 cases of 2 units of lot P
      Then no number stands on two of the labels that came out of the printer

  @URS-BKP-004 @risk-high @OQ @mes @wms @whitebox
  Rule: A damaged backup is recognised when it is verified
    A damaged or incomplete backup shall be recognised at verification time, not at restore time.
    Clauses: EU GMP Annex 11 (2011) 7.2

    @accepts
    Scenario: Backups of both systems verify
      When both systems are backed up while they run
      Then both backups verify

    @refuses
    Scenario: Every damage is found, and what is damaged is not restored
      When the warehouse is backed up while it runs
      And a copy of the backup is damaged in each of these ways
        | damage                                                 |
        | a bit of the database is another                       |
        | the database is cut in the middle                      |
        | the database is missing                                |
        | the configuration is missing                           |
        | a public key is another                                |
        | a file is there that does not belong to it             |
        | the manifest names another position                    |
        | the signature is missing                               |
        | a journal row is gone, and all digests are made anew   |
      Then each is found at verification, and none is restored

  @URS-BKP-005 @risk-high @PQ @mes @wms @whitebox
  Rule: The age of the last backup and of the last restore test is watched
    Backup interval and age of the last restore test shall be checked; a restore test includes broker
    streams, in-flight messages and retry windows.
    Clauses: EU GMP Annex 11 (2011) 7.2

    @accepts
    Scenario: A restore test finds what is in flight, its retry windows, and what a stream may bring again
      When the picker scans the container of lot A and brings 4.000 kg in a container of its own
      And MES is down
      And the warehouse sends what is due
      And MES is up again
      And it is declared where backups of the warehouse are kept
      And the warehouse is backed up there, and its restore is tried
      And 60 seconds pass
      Then the restore test found nothing, in a pick on its way with its retry window and every message received
      And the warehouse shows both times, and no alarm about its backups

    @control
    Scenario Outline: Neglect raises its alarm: <neglect>
      When it is declared where backups of the warehouse are kept
      And the warehouse is backed up there, and its restore is tried
      And <neglect>
      And 60 seconds pass
      Then the warehouse has raised the alarm <alarm> about its backups

      Examples:
        | neglect                                  | alarm                |
        | 25 hours pass without a backup           | BACKUP_OVERDUE       |
        | somebody touches the record of the test  | RESTORE_TEST_OVERDUE |
