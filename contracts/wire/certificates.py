"""A certificate authority for tests: it lives as long as the run and vouches for nobody else.

Certificates are Ed25519, valid for loopback and addresses that are named, one per
service account. Source: URS-SEC-002.
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from contracts.wire.identity import read_private_key, write_private_key

VALID_DAYS = 90


class TrialAuthority:
    """Makes a CA and certificates of it in one folder (``ca.pem``, ``NAME.pem``, ``NAME.key``).

    A folder that has a CA already is gone on with. Certificates are for loopback and for the
    ``addresses``, which are kept with the CA.
    """

    def __init__(
        self, folder: Path, name: str = "GxProof test authority", addresses: tuple[str, ...] = ()
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        places = folder / "ca.addresses"
        if addresses:
            places.write_text("\n".join(addresses))
        self._addresses = ["127.0.0.1", *(places.read_text().split() if places.exists() else ())]
        kept = folder / "ca.key"
        self._key = read_private_key(kept) if kept.exists() else Ed25519PrivateKey.generate()
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = x509.KeyUsage(*(flag in (5, 6) for flag in range(9)))
        self.certificate = (
            self._builder(self._name, self._key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, None)
        )
        self.path = folder / "ca.pem"
        if not kept.exists():
            self.path.write_bytes(self.certificate.public_bytes(Encoding.PEM))
            write_private_key(kept, self._key)

    def issue(
        self, name: str, *, days: int = VALID_DAYS, file: str = "", made_for: str = ""
    ) -> tuple[Path, Path]:
        """A certificate for ``name``, as client and as server, and its key.

        A negative ``days`` gives one that has expired; ``file`` is what its files are called where
        that is not its name; ``made_for`` puts another name among the alternative ones.
        Returns: certificate path, key path.
        """
        key = Ed25519PrivateKey.generate()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        hosts = [
            *(x509.IPAddress(ipaddress.ip_address(known)) for known in self._addresses),
            x509.DNSName("localhost"),
            x509.DNSName(made_for or name),
        ]
        purposes = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
        certificate = (
            self._builder(subject, key, days)
            .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
            .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
            .sign(self._key, None)
        )
        called = file or name
        paths = self.folder / f"{called}.pem", self.folder / f"{called}.key"
        paths[0].write_bytes(certificate.public_bytes(Encoding.PEM))
        write_private_key(paths[1], key)
        return paths

    def revoke(self, *certificates: Path) -> Path:
        """The list of revoked certificates (``ca.crl``): these, and no others. Returns: its path.
        """
        now = datetime.now(UTC)
        revoked = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._name)
            .last_update(now - timedelta(days=1))
            .next_update(now + timedelta(days=VALID_DAYS))
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()),
                critical=False,
            )
        )
        for path in certificates:
            serial = x509.load_pem_x509_certificate(path.read_bytes()).serial_number
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now)
            revoked = revoked.add_revoked_certificate(entry.build())
        path = self.folder / "ca.crl"
        partial = path.with_suffix(".partial")
        partial.write_bytes(revoked.sign(self._key, None).public_bytes(Encoding.PEM))
        return partial.replace(path)

    def _builder(
        self, subject: x509.Name, key: Ed25519PrivateKey, days: int = VALID_DAYS
    ) -> x509.CertificateBuilder:
        end = datetime.now(UTC) + timedelta(days=days)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(end, datetime.now(UTC)) - timedelta(days=1))
            .not_valid_after(end)
            .add_extension(identifier, critical=False)
            .add_extension(issuer, critical=False)
        )
