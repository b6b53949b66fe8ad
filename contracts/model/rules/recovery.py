"""Rules about crashes, loss of power, backup and restore."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

_ARM = ("mes/stimulus/arm", "wms/stimulus/arm")

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-DEV-001", "URS-DEV-002",
                 "A place in the code is armed that the system names; the process then ends there "
                 "at once, with nothing undone and nothing said.",
                 Code.UNKNOWN_CRASH_POINT, _ARM),
    BusinessRule("FRS-DEV-002", "URS-DEV-002",
                 "Only a system whose process is its own can be made to end.",
                 Code.NO_HOST_CONTROL, _ARM),
    BusinessRule("FRS-BKP-001", "URS-BKP-001",
                 "A backup is taken while the system runs, of one instant between two "
                 "transactions: database with journal, outbox, inbox and dead letters, "
                 "configuration, public keys, and a signed manifest. It replaces nothing.",
                 Code.NO_HOST_CONTROL, ()),
    BusinessRule("FRS-BKP-002", "URS-BKP-004",
                 "A backup is verified by signature, digests, integrity, numbers of rows and the "
                 "chain of its journal, without restoring it.",
                 Code.NO_HOST_CONTROL, ()),
    BusinessRule("FRS-BKP-003", "URS-BKP-002",
                 "A backup that verifies is restored as a whole into a host that has no database "
                 "yet; any other one is refused and leaves nothing behind.",
                 Code.NO_HOST_CONTROL, ()),
    BusinessRule("FRS-BKP-004", "URS-BKP-003",
                 "A restored system begins nothing new before its partner has told what was "
                 "exchanged after the backup; what it remembers is answered as before.",
                 Code.RECOVERING, ()),
    BusinessRule("FRS-BKP-005", "URS-BKP-003",
                 "What was received after the backup is had again from the partner, byte for "
                 "byte, and posted once; what was refused then stays refused with its answer.",
                 Code.RECOVERING, ()),
    BusinessRule("FRS-BKP-006", "URS-BKP-003",
                 "What was sent after the backup, numbers of messages that never arrived, and "
                 "positions of the journal that are lost are listed, with an alarm.",
                 Code.RECOVERING, ()),
    BusinessRule("FRS-BKP-007", "URS-BKP-003",
                 "Numbers of messages go on behind the last one that the partner knows; numbers "
                 "that stand on labels and records go on 10,000 further, also where their series "
                 "was not yet begun, so none is given twice.",
                 Code.RECOVERING, ()),
    BusinessRule("FRS-BKP-010", "URS-BKP-003",
                 "Who is asked by a restored partner tells it from the position that the partner "
                 "knows, and from the first row where the hash there is another; it takes it down "
                 "that the partner's journal ends where the partner says. Heartbeats count by "
                 "their number.",
                 Code.RECOVERING, ()),
    BusinessRule("FRS-BKP-011", "URS-BKP-003",
                 "The reply to exchanged-since is signed over the question's signature; a reply "
                 "that is not signed by the partner is not taken over, and raises an alarm.",
                 Code.RECOVERING, ()),
    BusinessRule("FRS-BKP-012", "URS-BKP-003",
                 "A restore ends every session, uses up one-time codes, refuses what was signed "
                 "before it, and locks the accounts that the administrator does not name; the gap "
                 "list names the locked ones.",
                 Code.SIGNED_BEFORE_RESTORE, ()),
    BusinessRule("FRS-BKP-013", "URS-BKP-003",
                 "What a partner signed before it asked what it has lost is refused: its numbers "
                 "may be given to others since.",
                 Code.SIGNED_BEFORE_RESTORE, ()),
    BusinessRule("FRS-BKP-014", "URS-BKP-003",
                 "Who is asked by a partner what that has lost raises an alarm, once for each "
                 "restore: people hold it against what they know of a restore.",
                 Code.RECOVERING, ()),
    BusinessRule("FRS-BKP-008", "URS-BKP-005",
                 "Where backups are kept is declared; a last backup older than 24 hours, or a last "
                 "restore test without findings older than 90 days, raises an alarm. What the "
                 "system has not signed does not count.",
                 Code.NO_HOST_CONTROL, ()),
    BusinessRule("FRS-BKP-009", "URS-BKP-005",
                 "A restore test restores a backup on a host that serves nobody, compares what is "
                 "in flight with its retry windows, brings received messages once more, as a "
                 "stream of a broker would, and signs what it found.",
                 Code.NO_HOST_CONTROL, ()),
)
