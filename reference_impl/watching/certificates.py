"""When the certificates end that this system shows. Source: URS-ALM-001."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from cryptography import x509

from contracts.model.instants import read_timestamp
from reference_impl.records.readings import read
from reference_impl.records.work import Work


def certificates_of(work: Work) -> dict[str, datetime]:
    """The end of each certificate, by name: as the files say, or as seeded in test mode."""
    seeded = read(work.connection, "seeded certificates")
    if seeded is not None:
        return {name: read_timestamp(end) for name, end in json.loads(seeded).items()}
    return dict(ends_of(work.settings.certificates))


def ends_of(files: Mapping[str, Path]) -> dict[str, datetime]:
    """When the first certificate in each PEM file ends. Raises: OSError, ValueError."""
    return {
        name: x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
        for name, path in files.items()
    }
