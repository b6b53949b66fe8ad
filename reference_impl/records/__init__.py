"""What may never be lost or changed: audit trail, journal, signatures, accounts, alarms."""
