"""``gxproof backup``, ``verify-backup``, ``restore``: what a person reads, and the exit code."""

from __future__ import annotations

import json
import shutil

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner

from contracts.model.roles import Role
from contracts.wire.identity import write_private_key
from gxproof.cli import app
from gxproof.in_process import known_at, make_identities
from gxproof.pair import _known
from reference_impl.bootstrap import build
from reference_impl.process_settings import read_settings


@pytest.fixture
def host(tmp_path):
    """Hosts of both systems: settings files, keys, and records of the warehouse."""
    identities = make_identities()
    for role in Role:
        own = identities[role.value]
        write_private_key(tmp_path / f"{role}.key", own.key)
        public = own.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / f"{role}.pem").write_bytes(public)
        (tmp_path / f"{role}.json").write_text(json.dumps({
            "role": role.value, "partner_url": "https://127.0.0.1:1", "site_zone": "Europe/Zurich",
            "identity": {
                "source": own.source, "name": own.name,
                "signing_key": str(tmp_path / f"{role}.key"),
            },
            "partners": [_known(known) for known in known_at(role, identities)],
            "partner_system": identities[role.partner.value].source,
            "database": str(tmp_path / f"{role}.sqlite"), "test_mode": True,
            "tls": {"certificate": "none"},
        }))
    content = json.loads((tmp_path / "wms.json").read_text())
    build(read_settings(content), lambda _: None).close()
    (tmp_path / "new.json").write_text(
        json.dumps({**content, "database": str(tmp_path / "new.sqlite")})
    )
    return tmp_path


def said(*arguments):
    ended = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return ended.exit_code, ended.output


def test_a_backup_is_taken_verified_and_restored(host):
    taken = said("backup", "--settings", host / "wms.json", "--out", host / "one")
    assert taken[0] == 0
    assert "BACKED UP  WMS urn:gxproof:wms" in taken[1]
    # They hold what people sign in with.
    assert {path.stat().st_mode & 0o077 for path in (host / "one", *(host / "one").iterdir())} == {0}
    for how in (("--settings", host / "wms.json"), ("--key", host / "wms.pem")):
        assert said("verify-backup", host / "one", *how)[1].startswith("VERIFIED  WMS")
    code, text = said("restore", host / "one", "--settings", host / "new.json")
    assert (host / "new.sqlite").stat().st_mode & 0o077 == 0
    assert (code, text.startswith("RESTORED  WMS")) == (0, True)
    assert (host / "new.sqlite").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("backup", "--settings", "wms.json", "--out", "one"), 2, "is not empty"),
        (("backup", "--settings", "nothing.json", "--out", "two"), 2, "nothing.json cannot be read"),
        (("backup", "--settings", "mes.json", "--out", "two"), 2, "mes.sqlite is not there"),
        (("backup", "--settings", "wms.pem", "--out", "two"), 2, "holds no settings of a system"),
        (("backup", "--settings", "empty.json", "--out", "two"), 2, "names no identity"),
        (("backup", "--settings", "keyless.json", "--out", "two"), 2, "gone.key cannot be read"),
        (("verify-backup", "one"), 2, "name one of --settings and --key"),
        (("verify-backup", "one", "--key", "wms.json"), 2, "no public key in PEM"),
        (("verify-backup", "one", "--key", "nothing.pem"), 2, "nothing.pem cannot be read"),
        (("verify-backup", "nowhere", "--key", "wms.pem"), 2, "is no folder"),
        (("verify-backup", "one", "--key", "mes.pem"), 1, "REFUSED  manifest.json is not what"),
        (("verify-backup", "damaged", "--key", "wms.pem"), 1, "REFUSED  database.sqlite is not the"),
        (("verify-backup", "hollow", "--key", "wms.pem"), 1, "manifest.json cannot be read"),
        (("restore", "one", "--settings", "mes.json"), 2, "is a backup of the WMS"),
        (("restore", "one", "--settings", "wms.json"), 2, "wms.sqlite is there already"),
        (("restore", "damaged", "--settings", "new.json"), 1, "REFUSED  database.sqlite"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(host, monkeypatch, arguments, code, words):
    monkeypatch.chdir(host)
    assert said("backup", "--settings", "wms.json", "--out", "one")[0] == 0
    shutil.copytree("one", "damaged")
    content = bytearray((host / "damaged" / "database.sqlite").read_bytes())
    content[9000] ^= 1
    (host / "damaged" / "database.sqlite").write_bytes(content)
    (host / "hollow").mkdir()
    (host / "empty.json").write_text("{}")
    keyless = json.loads((host / "wms.json").read_text())
    keyless["identity"]["signing_key"] = str(host / "gone.key")
    (host / "keyless.json").write_text(json.dumps(keyless))
    before = sorted(path.name for path in host.iterdir())
    got, text = said(*arguments)
    assert got == code, text
    assert words in text
    assert text.count("\n") == 1
    assert sorted(path.name for path in host.iterdir()) == before


@pytest.mark.parametrize("records", ["", "of MES"], ids=["an empty file", "of the other system"])
def test_a_file_that_is_not_the_database_of_the_system_is_not_backed_up(host, records):
    database = host / "wms.sqlite"
    for path in host.glob("wms.sqlite*"):
        path.unlink()
    database.touch()
    if records:
        content = json.loads((host / "mes.json").read_text())
        build(read_settings(content), lambda _: None).close()
        shutil.copyfile(host / "mes.sqlite", database)
    code, text = said("backup", "--settings", host / "wms.json", "--out", host / "one")
    assert (code, (host / "one").exists()) == (2, False)
    assert text.startswith("this is not the database of a WMS: ")
