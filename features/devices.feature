Feature: Devices and zones
  A simulated plant day in which the network or a printer fails at a station: people, matter and
  paper go on, and in the end both systems agree with what physically happened.

  @URS-DEV-001 @risk-high @PQ @mes @wms @blackbox
  Rule: Network loss at a station leaves no duplicate posting and no orphaned lot
    Network loss at a weigh booth, a print/apply station and a dock, in their zones, shall leave no
    duplicate posting and no orphaned lot after recovery.
    Clauses: EU GMP Annex 11 (2011) 16; NIST SP 800-82
    Outside: the real network of a site; the simulated stations lose theirs

    @accepts
    Scenario Outline: The network is lost at <station>, and later a reply after the commit
      Given the short day of the example plant
      And the network at <station> is lost for 20 minutes, and another time a reply after the commit
      When the day is played and has healed
      Then both losses struck and were felt
      And nothing is lost, nothing is doubled, and no lot or SSCC is an orphan

      Examples: the three stations, and the link between the two systems
        | station                    |
        | the dock                   |
        | the weigh booth            |
        | the print/apply station    |
        | the link from WMS to MES   |
        | the link from MES to WMS   |

    @control
    Scenario: What was lost, doubled or orphaned after recovery is reported
      Given the short day of the example plant
      And the network at the dock is lost for 20 minutes, and another time a reply after the commit
      When the day is played and has healed
      Then each of these, put into a copy of the records, is reported
        | record                                      | reported by         |
        | a message that its receiver never posted    | INV-NOTHING-LOST    |
        | an event that was posted a second time      | INV-NOTHING-DOUBLED |
        | a received container that MES does not know | INV-NO-ORPHANS      |
        | a lot that nobody ever had                  | INV-NO-ORPHANS      |

  @URS-DEV-002 @risk-high @PQ @mes @wms @whitebox
  Rule: Loss of power at a station leaves no duplicate posting and no orphaned lot
    Power loss at a weigh booth, a print/apply station and a dock, in their zones, at each crash
    point, shall leave no duplicate posting and no orphaned lot after recovery.
    Clauses: EU GMP Annex 11 (2011) 16
    Outside: disks that lie about a sync; loss of power at each place of the code is tried by the long tests of this release, here at as many as a short day reaches

    @accepts
    Scenario: Power fails again and again while the stations are at work
      Given the short day of the example plant
      When the day is played on machines whose power fails again and again
      Then power failed at 15 places of the code or more, in both systems, and at work of
        | station                 |
        | the weigh booth         |
        | the print/apply station |
        | the dock                |
      And nothing is lost, nothing is doubled, and no lot or SSCC is an orphan

    @refuses
    Scenario: A place that is not in the code is not armed
      Given both systems run on machines that can be killed
      When the harness arms a place that is not in the code
      Then it is refused with UNKNOWN_CRASH_POINT at point

    @control
    Scenario: A system that syncs less than it says loses what it acknowledged
      Given it is 2026-03-30 09:00 at the site
      When 12 pick requests are acknowledged, and the power of the warehouse fails
      Then each acknowledged message stands where its acknowledgement says
      When the same is done on a machine that is known to sync too late
      Then acknowledged messages are gone, and the loss is reported

  @URS-DEV-003 @risk-high @PQ @mes @wms @blackbox
  Rule: A printer jam leaves no duplicate posting and no orphaned lot, and the second printer takes over
    A printer jam at each moment (before print, after print, before verify, after verify) shall leave
    no duplicate posting and no orphaned lot after recovery; the label service shall fail over to
    the second printer.
    Clauses: EU GMP Annex 11 (2011) 16
    Outside: real printers; the simulated ones jam between two calls

    @accepts
    Scenario Outline: The printer jams <moment>
      Given the short day of the example plant
      And the label printer jams <moment> at a case and at a pallet
      When the day is played and has healed
      Then both jams struck, and the label came from the second printer
      And every label issued is applied, spoiled or void, on record as on paper
      And nothing is lost, nothing is doubled, and no lot or SSCC is an orphan

      Examples: the four moments
        | moment        |
        | before print  |
        | after print   |
        | before verify |
        | after verify  |

    @control
    Scenario: A label that is elsewhere than on record is reported
      Given the short day of the example plant
      And the label printer jams before verify at a case and at a pallet
      When the day is played and has healed
      Then each of these, put into a copy of the records, is reported
        | record                                    | reported by |
        | a label on a unit that is on record spoiled | INV-LABELS |
        | a label that nobody accounts for          | INV-LABELS  |
        | two applied labels with one SSCC          | INV-LABELS  |

  @URS-DEV-005 @risk-medium @PQ @mes @wms @blackbox
  Rule: The workload of a performance run has the cases that matter
    Lots near expiry, partial pallets, split lots, potency corrections, negative scans, and label
    locale and encoding variants shall be in every performance run's workload, each with its count
    in the report.
    Clauses: GAMP 5

    @accepts
    Scenario: The short day has each of them, and says how many
      Given the short day of the example plant
      When the day is played and has healed
      Then its workload is counted
        | case                                         | count |
        | lots near expiry                             | 1     |
        | lots that expired while staged               | 1     |
        | partial pallets                              | 1     |
        | order lines of more than one lot or container | 1    |
        | weighings corrected for potency              | 1     |
        | scans that had to be refused                 | 2     |
        | supplier labels in another notation          | 2     |
        | labels in en-GB, UTF-8                       | 2     |
        | labels in fr-FR, windows-1252                | 1     |
        | labels in el-GR, UTF-8                       | 1     |
        | labels in de-CH, windows-1252                | 1     |
        | labels in ja-JP, UTF-8                       | 1     |
      And the workload is complete

    @control
    Scenario: A day without them shows less than it should, and says what it lacks
      Given the example plant's shift of picking
      When the day is played and has healed
      Then the workload is inconclusive, because the day had none of these
        | case                                |
        | partial pallets                     |
        | weighings corrected for potency     |
        | supplier labels in another notation |
        | labels in en-GB, UTF-8              |
        | labels in fr-FR, windows-1252       |
        | labels in el-GR, UTF-8              |
        | labels in de-CH, windows-1252       |
        | labels in ja-JP, UTF-8              |
