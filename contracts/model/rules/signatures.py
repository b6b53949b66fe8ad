"""Rules about electronic signatures. Source: 21 CFR 11.50, 11.70, 11.100, 11.200."""

from __future__ import annotations

from contracts.model.codes import Code
from contracts.model.rules.rule import BusinessRule

# Whatever a person signs: the operations whose command carries components of a signature.
SIGNED = (
    "mes/change-lot-status", "mes/record-batch-entry", "mes/complete-batch-record",
    "mes/recall-lot", "mes/dispense", "mes/decide-container", "mes/scrap", "wms/scrap",
    "wms/confirm-receipt", "wms/close-asn", "wms/approve-adjustment", "mes/record-assay",
    "mes/close-deviation", "mes/close-capa", "mes/record-result", "mes/maintain-equipment",
    "mes/record-calibration", "mes/migrate-master-data", "wms/migrate-master-data",
    "mes/discard-dead-letter", "wms/discard-dead-letter", "mes/close-difference",
)

RULES: tuple[BusinessRule, ...] = (
    BusinessRule("FRS-SIG-001", "URS-SIG-001",
                 "A signature shows printed name, user id, role, meaning and the instant in UTC "
                 "and with the offset and the zone of the site.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-SIG-002", "URS-SIG-002",
                 "A signature is bound to its own members and to type, id, version and canonical "
                 "bytes of the record; with any other it is invalid.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-SIG-003", "URS-SIG-003",
                 "A signature is verified at every showing; a record that says something else now "
                 "than what was signed is shown as unsigned.",
                 Code.SCHEMA_VIOLATION, ()),
    BusinessRule("FRS-SIG-004", "URS-SIG-003",
                 "A batch record that changed after its completion counts as not completed, and "
                 "is completed anew.",
                 Code.RELEASE_BLOCKED, ("mes/change-lot-status",)),
    BusinessRule("FRS-SIG-005", "URS-SIG-004",
                 "The first signature of a person in a session, or at the station of another's "
                 "session, has user id, password and code; later ones at least the password; all "
                 "again after the session's end, a lock or 15 idle minutes.",
                 Code.SIGNATURE_INCOMPLETE, SIGNED),
    BusinessRule("FRS-SIG-006", "URS-SIG-005",
                 "After a person's password or authenticator was set anew or revoked, the next "
                 "signature needs the code of the person's own authenticator.",
                 Code.SIGNATURE_INCOMPLETE, SIGNED),
    BusinessRule("FRS-SIG-007", "URS-SIG-006",
                 "Who releases a lot has neither found nor reviewed any of its results.",
                 Code.SIGNERS_NOT_DIFFERENT, ("mes/change-lot-status",)),
    BusinessRule("FRS-SIG-008", "URS-SIG-006",
                 "Of the results of one sample, nobody reviews who found one, nor finds who "
                 "reviewed one.",
                 Code.SIGNERS_NOT_DIFFERENT, ("mes/record-result",)),
    BusinessRule("FRS-SIG-009", "URS-SIG-007",
                 "A person signs while an identity-verification record, an acknowledgement of "
                 "accountability and a training record that is valid today are on file.",
                 Code.SIGNING_NOT_ENABLED, SIGNED),
    BusinessRule("FRS-SIG-010", "URS-SIG-007",
                 "What lets a person sign is put on file, or withdrawn, by an administrator other "
                 "than that person, and is shown in the access review.",
                 Code.OWN_ACCOUNT, ("mes/keep-signing-records", "wms/keep-signing-records")),
    BusinessRule("FRS-SIG-011", "URS-SIG-005",
                 "Nobody signs whose password and authenticator were both set by one "
                 "administrator, until another one has set one of them anew.",
                 Code.SIGNING_NOT_ENABLED, SIGNED),
    BusinessRule("FRS-SIG-012", "URS-SIG-005",
                 "A person replaces the own password at a sign-in, by another one; the one until "
                 "then and open sessions count no more. Where one administrator knows both "
                 "components, the new password counts as that administrator's.",
                 Code.PASSWORD_UNCHANGED, ("mes/sessions", "wms/sessions")),
)
